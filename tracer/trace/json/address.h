// SPDX-License-Identifier: Apache-2.0
// Socket addresses as JSON objects.
#pragma once

#include "tracer/trace/json/value.h"

namespace wireseam::json {

// A struct sockaddr with its exact length: {"family":"AF_INET","address":"127.0.0.1","port":80}. A
// family that is not known, and bytes too short for theirs, are shown as "data"; no bytes as null.
void write_address(JsonWriter& out, Bytes sockaddr);

// "127.0.0.1" or "::1" from 4 or 16 bytes; other sizes are a payload.
void write_ip(JsonWriter& out, Bytes address);

// "02:00:00:00:00:01".
void write_hardware_address(JsonWriter& out, Bytes address);

}  // namespace wireseam::json
