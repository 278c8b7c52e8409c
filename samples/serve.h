// SPDX-License-Identifier: Apache-2.0
// Three ways of serving many clients with a function that talks to one of them, blocking. They end
// when a signal throws Stopped. What goes wrong with one client is reported and ends its
// connection only.
#pragma once

#include <chrono>
#include <functional>

#include "samples/sockets.h"

namespace wireseam::samples {

// Talks to a client until it is done with it. The caller closes the connection.
using Handler = std::function<void(const Connection&)>;

// One client after the other; the next one waits in the backlog.
void serve_sequentially(const Listener& listener, const Handler& handle);

// A thread for each client. Returns, or throws, when all of them have ended.
void serve_in_threads(const Listener& listener, const Handler& handle);

// A process for each client; it is told to stop when the server has ended. Returns in a child, when
// the child's client is done. SIGCHLD is ignored from then on, except in the children.
void serve_in_processes(Listener& listener, const Handler& handle);

// Waits for the next client through the errors that pass: one that has gone before it was accepted,
// and a lack of descriptors or memory, which is reported once.
Connection next_client(const Listener& listener);

// After such an error accept is tried again so much later: it would fail at once, again and again.
constexpr std::chrono::milliseconds kAcceptAgain{100};

// Whether accept(2) is worth trying again after this errno.
bool is_passing_accept_error(int errnum);

}  // namespace wireseam::samples
