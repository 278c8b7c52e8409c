// SPDX-License-Identifier: Apache-2.0
// What arguments are made of, as JSON: pointers, names of constants, flags, texts and payloads,
// addresses, times. docs/json.md describes each.
#pragma once

#include <sys/time.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <span>

#include "common/json_writer.h"
#include "tracer/trace/constants.h"

namespace wireseam::json {

using Bytes = std::span<const std::byte>;

// "0x7ffe1000", or null.
void write_pointer(JsonWriter& out, uint64_t address);

// "AF_INET"; the number where it has no name.
void write_constant(JsonWriter& out, ConstantGroup group, uint64_t value);

// The same for socket options, which libc knows without the kernel's _OLD: "SO_RCVTIMEO".
void write_option_constant(JsonWriter& out, ConstantGroup group, uint64_t value);

// ["O_RDWR","O_NONBLOCK"]; bits without a name are one more: "0x40".
void write_flags(JsonWriter& out, ConstantGroup group, uint64_t value);
void append_flags(JsonWriter& out, ConstantGroup group, uint64_t value);  // without the brackets

// open(2)'s flags, of which the lowest bits are an access mode.
void write_open_flags(JsonWriter& out, uint64_t value);

// {"text":"hello","length":5} where the bytes are UTF-8, else {"base64":"...","length":5}. `total`
// is the length; where fewer bytes were recorded, "recorded" counts them.
void write_payload(JsonWriter& out, Bytes bytes, uint64_t total);

// A string, or a payload where a string would not be exact.
void write_text(JsonWriter& out, Bytes bytes, uint64_t total);

// The same for the bytes before the first NUL.
void write_text_until_nul(JsonWriter& out, Bytes bytes);

// {"tv_sec":1,"tv_usec":0}, {"tv_sec":1,"tv_nsec":0}.
void write_time(JsonWriter& out, const timeval& time);
void write_time(JsonWriter& out, const timespec& time);

}  // namespace wireseam::json
