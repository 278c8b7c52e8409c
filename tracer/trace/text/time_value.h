// SPDX-License-Identifier: Apache-2.0
// The text of struct timeval and timespec.
#pragma once

#include <sys/time.h>

#include <ctime>

#include "tracer/trace/text/argument.h"

namespace wireseam {

void write_time(TextWriter& out, const timeval& time);   // {tv_sec=1, tv_usec=500000}
void write_time(TextWriter& out, const timespec& time);  // {tv_sec=1, tv_nsec=500000000}

timespec to_timespec(const timeval& time);

// What is left of a time-out after the call's duration: the kernel tells it to libc alone.
timespec left_of(const timespec& timeout, uint64_t duration_ns);

// TimespecIn, TimespecInOut and TimevalInOut: what they were when the call began.
void write_timespec(const Argument& argument);
void write_timeval(const Argument& argument);

}  // namespace wireseam
