// SPDX-License-Identifier: Apache-2.0
// Fetches a file from a server that has --files.
#pragma once

#include <cstddef>
#include <string>

#include "samples/exec/exec_framing.h"
#include "samples/sockets.h"

namespace wireseam::samples {

struct FetchOptions {
  std::string path;    // on the server
  std::string output;  // here; empty: PATH's last name, in this folder, which must not exist yet
};

// Throws Error where the file is not there, whole and right, in the end. The name that the server
// gives decides nothing.
void fetch(const Connection& server, const ExecOptions& options, size_t recv_size,
           const FetchOptions& what);

}  // namespace wireseam::samples
