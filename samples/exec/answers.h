// SPDX-License-Identifier: Apache-2.0
// The server's half of the conversation: commands' output, and files.
#pragma once

#include "samples/exec/command.h"
#include "samples/exec/exec_framing.h"
#include "samples/exec/served_folder.h"
#include "samples/sockets.h"

namespace wireseam::samples {

// Sends stdout followed by stderr. Raw has nothing else, so that an empty output is sent as
// "CMDexecuted": the client would wait for ever.
void send_answer(const Connection& to, ExecFraming framing, const CommandResult& result);

// Sends the file after a json-header, in pieces. Reads it twice: its MD5 stands before it. Throws
// Error when the file becomes shorter meanwhile; the connection is of no use then.
void send_file(const Connection& to, const ServedFile& file);

}  // namespace wireseam::samples
