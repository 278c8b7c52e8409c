// SPDX-License-Identifier: Apache-2.0
// poll, select and epoll: what was waited for, and what became ready.
#pragma once

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_poll_fds(const Argument& argument);
void write_fd_set(const Argument& argument);
void write_signal_set(const Argument& argument);
void write_epoll_event(const Argument& argument);
void write_epoll_events(const Argument& argument);

// What stands behind the result: " (Timeout)", " ([{fd=4, revents=POLLIN}])",
// " (in [4], left {tv_sec=1, tv_nsec=0})".
void write_poll_result(TextWriter& out, const Event& event, const CallEvent& call);
void write_select_result(TextWriter& out, const Event& event, const CallEvent& call);
void write_receive_result(TextWriter& out, const Event& event, const CallEvent& call);  // recvmmsg

}  // namespace wireseam
