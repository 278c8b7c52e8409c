// SPDX-License-Identifier: Apache-2.0
// The objects that several kinds of lines have in common: ends, ranges, handshakes, teardowns,
// directions of a connection.
#pragma once

#include "common/json_writer.h"
#include "common/utc_time.h"
#include "inspector/flow/connection.h"
#include "inspector/frame/seams.h"

namespace wireseam {

// Where the parts of a line are written.
struct JsonLine {
  JsonWriter& out;
  std::string& text;  // what `out` appends to
  UtcTime& time;

  void write_time(std::string_view key, uint64_t time_ns);
};

std::string_view json_name(Direction direction);
std::string_view json_name(Transport transport);

void write_range(JsonWriter& out, std::string_view key, ByteRange range);
void write_end(JsonWriter& out, std::string_view key, const FlowEnd& end, IpVersion version);

// The members of an object that is open.
void write_handshake(JsonLine& line, const Connection& connection);
void write_teardown(JsonLine& line, const Connection& connection);
void write_half(JsonWriter& out, const Half& half);
void write_seams(JsonWriter& out, const SeamCounts& counts, uint64_t undecoded_bytes);

}  // namespace wireseam
