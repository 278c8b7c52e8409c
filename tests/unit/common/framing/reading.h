// SPDX-License-Identifier: Apache-2.0
// What a FrameReader makes of a stream, as text in which the pieces of a body are joined: the same
// text for two ways to split a stream means the same frames.
#pragma once

#include <string>
#include <string_view>

#include "common/framing/frame_reader.h"

namespace wireseam {

class Reading {
 public:
  explicit Reading(const Framing& framing) : reader_(framing) {}

  void feed(std::string_view piece) {
    reader_.feed(std::as_bytes(std::span(piece)));
    while (take(reader_.next())) continue;
  }

  // "<SIZE:HEADER|BODY>" for each frame, "!OFFSET REASON" at a flaw.
  const std::string& text() const { return text_; }

 private:
  bool take(const FrameEvent& event) {
    if (std::holds_alternative<NeedMore>(event)) return false;
    if (const auto* malformed = std::get_if<Malformed>(&event)) {
      if (!failed_) text_ += "!" + std::to_string(malformed->offset) + " " + to_string(*malformed);
      failed_ = true;
      return false;
    }
    if (const auto* begin = std::get_if<FrameBegin>(&event)) {
      text_ += "<" + std::to_string(begin->extent.size) + ":";
      add(begin->header);
      text_ += "|";
    } else if (const auto* body = std::get_if<BodyPiece>(&event)) {
      add(body->bytes);
    } else {
      text_ += ">";
    }
    return true;
  }

  void add(Bytes bytes) { text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); }

  FrameReader reader_;
  std::string text_;
  bool failed_ = false;
};

inline std::string read_whole(const Framing& framing, std::string_view stream) {
  Reading reading(framing);
  reading.feed(stream);
  return reading.text();
}

}  // namespace wireseam
