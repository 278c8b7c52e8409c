// SPDX-License-Identifier: Apache-2.0
// The writers of the parameter kinds that need more than a line, by subject.
#pragma once

#include "tracer/trace/json/argument.h"

namespace wireseam::json {

// message.cc: buffers and messages.
void write_bytes(const Argument& argument);
void write_vector(const Argument& argument);
void write_message(const Argument& argument);
void write_messages(const Argument& argument);

// option.cc: socket options and what socket(2) is asked for.
void write_socket_type(JsonWriter& out, uint32_t type);
void write_socket_protocol(JsonWriter& out, uint32_t domain, uint32_t protocol);
void write_option_name(const Argument& argument);
void write_option(const Argument& argument);  // `argument` is the value; its name stands before it

// operation.cc: fcntl(2) and ioctl(2).
void write_fcntl_argument(const Argument& argument);
void write_fcntl_result(JsonWriter& out,
                        const CallEvent& call);  // "result_flags", where it has any
void write_ioctl_argument(const Argument& argument);

// readiness.cc: poll, select and epoll.
void write_poll_fds(const Argument& argument);
void write_fd_set(const Argument& argument);
void write_signal_set(const Argument& argument);
void write_epoll_event(const Argument& argument);
void write_epoll_events(const Argument& argument);

// names.cc: strings and the resolution of names.
void write_string(const Argument& argument);
void write_strings(const Argument& argument);
void write_addrinfo_hints(const Argument& argument);
void write_addrinfo(const Argument& argument);
void write_host_addresses(const Argument& argument);

}  // namespace wireseam::json
