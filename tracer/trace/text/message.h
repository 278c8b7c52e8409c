// SPDX-License-Identifier: Apache-2.0
// Parameters that are arrays of buffers (struct iovec) and messages (struct msghdr, mmsghdr).
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_vector(const Argument& argument);
void write_message_in(const Argument& argument);
void write_message_out(const Argument& argument);
void write_messages_in(const Argument& argument);
void write_messages_out(const Argument& argument);

}  // namespace wireseam
