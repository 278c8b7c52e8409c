// SPDX-License-Identifier: Apache-2.0
// Cuts strings by a framing's text, and whole streams into frames.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/framing/framing.h"

namespace wireseam {

inline Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

inline CutResult cut(std::string_view framing, std::string_view window,
                     Place place = Place::Middle) {
  return parse_framing(framing).cut(bytes_of(window), place);
}

// Why the window is malformed; "" if it is not.
inline std::string flaw_of(const CutResult& result) {
  const auto* malformed = std::get_if<Malformed>(&result);
  return malformed == nullptr ? "" : to_string(*malformed);
}

inline std::string body_of(const CutResult& result, std::string_view window) {
  const auto& extent = std::get<FrameExtent>(result);
  return std::string(window.substr(extent.body_offset, extent.body_size));
}

// The bytes that the hex digits of `text` stand for; anything else in it is ignored.
std::string from_hex(std::string_view text);

// The size of each frame from the stream's start on, up to the first that is not whole.
std::vector<uint64_t> frame_sizes(std::string_view framing, std::string_view stream);

}  // namespace wireseam
