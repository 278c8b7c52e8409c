// SPDX-License-Identifier: Apache-2.0
// Ends a server cleanly on SIGINT and SIGTERM: its next socket call, or the one it waits in, throws
// Stopped (see checked() in sockets.h), and the destructors on the way to main tidy up.
#pragma once

namespace wireseam::samples {

// Not a std::exception: what reports one client's errors and goes on must let it pass.
struct Stopped {};

// Catches SIGINT and SIGTERM from now on, and ignores SIGPIPE. What is started with execve(2) wants
// SIGPIPE's default back.
void stop_on_signals();

bool stop_requested();

}  // namespace wireseam::samples
