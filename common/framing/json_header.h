// SPDX-License-Identifier: Apache-2.0
// The json-header framing: an int32 (little-endian) with the size of a JSON object, the object, and
// a body of the object's total_size bytes. The other keys say what the body is.
#pragma once

#include <optional>
#include <string>

#include "common/framing/shape.h"

namespace wireseam {

// A longer header is malformed: it bounds what a peer can make a reader keep.
inline constexpr uint64_t kMaxJsonHeaderSize = 1 << 20;

// The largest total_size: what an off_t holds.
inline constexpr uint64_t kMaxTotalSize = INT64_MAX;

struct JsonHeader {
  uint64_t total_size = 0;
  std::string md5{};            // of the body, in hex; empty where not given
  std::string filename{};       // as bytes: not always UTF-8
  std::optional<int> status{};  // exit status of the command that wrote the body

  bool operator==(const JsonHeader&) const = default;
};

// Reads the JSON text of a header (without the four bytes before it). Keys that are not known, and
// md5, filename and status of another type than theirs, count as not there; of a key that occurs
// twice the last one holds. The offset of a flaw is one in `json`.
std::variant<JsonHeader, Malformed> parse_json_header(Bytes json);

// All that stands before the body: the header's size and the header. In a filename that is not
// UTF-8, each wrong byte becomes U+FFFD.
std::string encode_json_header(const JsonHeader& header);

// The extent is known when the whole header is there.
CutResult cut_json_header(const Shape& shape, Bytes window);

}  // namespace wireseam
