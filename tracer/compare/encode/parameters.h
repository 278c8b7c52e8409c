// SPDX-License-Identifier: Apache-2.0
// The kinds of parameters that need more than a line: each encodes that argument of the call.
#pragma once

#include <ctime>

#include "tracer/compare/encode/encoding.h"

namespace wireseam {

// address.cc
void encode_address_in(Encoding& encoding, size_t parameter);
void encode_address_out(Encoding& encoding, size_t parameter);
void encode_length_in_out(Encoding& encoding, size_t parameter);
void encode_bytes_in(Encoding& encoding, size_t parameter);
void encode_bytes_out(Encoding& encoding, size_t parameter);
void encode_descriptor_pair(Encoding& encoding, size_t parameter);
void encode_offset_in_out(Encoding& encoding, size_t parameter);
void encode_string(Encoding& encoding, size_t parameter);
void encode_strings(Encoding& encoding, size_t parameter);
void encode_environment(Encoding& encoding, size_t parameter);

// message.cc
void encode_vector(Encoding& encoding, size_t parameter);
void encode_message(Encoding& encoding, size_t parameter);
void encode_messages(Encoding& encoding, size_t parameter);

// control.cc: an array of control messages to the bytes that they were.
std::vector<std::byte> encode_control(Encoding& encoding, const LogValue& messages);

// option.cc
void encode_option_name(Encoding& encoding, size_t parameter);
void encode_option_value(Encoding& encoding, size_t parameter);

// operation.cc: fcntl and ioctl
void encode_fcntl_argument(Encoding& encoding, size_t parameter);
void encode_ioctl_request(Encoding& encoding, size_t parameter);
void encode_ioctl_argument(Encoding& encoding, size_t parameter);

// readiness.cc
void encode_poll_fds(Encoding& encoding, size_t parameter);
void encode_fd_set(Encoding& encoding, size_t parameter);
void encode_timeval(Encoding& encoding, size_t parameter);
void encode_timespec(Encoding& encoding, size_t parameter);
void encode_signal_set(Encoding& encoding, size_t parameter);
void encode_epoll_event(Encoding& encoding, size_t parameter);
void encode_epoll_events(Encoding& encoding, size_t parameter);

// {tv_sec=1, tv_usec=500}, {tv_sec=1, tv_nsec=500000}.
timeval timeval_of(ValueReader& reader, const LogValue& time);
timespec timespec_of(ValueReader& reader, const LogValue& time);

}  // namespace wireseam
