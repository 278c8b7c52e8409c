// SPDX-License-Identifier: Apache-2.0
// What a FrameTracker makes of a stream, as text: a line for each thing that it reports. Piece
// number N comes in packet N, N nanoseconds after the Epoch.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "inspector/frame/frame_tracker.h"
#include "tests/unit/common/framing/cutting.h"

namespace wireseam {

class Tracking : public FrameSink {
 public:
  explicit Tracking(std::string_view framing, Place place = Place::Start)
      : framing_(parse_framing(framing)), tracker_(framing_, place) {}

  // A packet with these bytes, of which the capture may have kept fewer.
  Seams feed(std::string_view bytes, size_t captured = SIZE_MAX) {
    const ByteRange range{offset_, offset_ + bytes.size()};
    offset_ = range.end;
    ++packet_;
    return tracker_.data({range, packet_, packet_, bytes_of(bytes.substr(0, captured))}, *this);
  }
  void gap(uint64_t size) {
    tracker_.gap({offset_, offset_ + size}, *this);
    offset_ += size;
  }
  void end() { tracker_.end(*this); }

  // What was reported since the last call:
  // "BEGIN-END HEADER|BODY SIZE by PACKETS[ missing N][ left out N]" or "BEGIN-END ? REASON", each
  // with a newline. A header is in hex if it isn't text.
  std::string text() { return std::exchange(text_, {}); }
  const FrameTracker& tracker() const { return tracker_; }
  uint64_t frames() const { return frames_; }
  uint64_t undecoded_bytes() const { return undecoded_bytes_; }

  void frame(const Frame& frame) override {
    ++frames_;
    text_ += to_text(frame.range) + " " + to_text(frame.header) + "|" +
             std::to_string(frame.body.size()) + " by";
    for (const FramePart& part : frame.parts) text_ += " " + std::to_string(part.packet);
    if (frame.missing > 0) text_ += " missing " + std::to_string(frame.missing);
    if (frame.parts_left_out > 0) text_ += " left out " + std::to_string(frame.parts_left_out);
    text_ += "\n";
  }

  void undecoded(const Undecoded& undecoded) override {
    undecoded_bytes_ += undecoded.range.size();
    text_ += to_text(undecoded.range) + " ? " + to_string(undecoded) + "\n";
  }

 private:
  static std::string to_text(Bytes header) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text, hex;
    for (const std::byte byte : header) {
      const auto value = std::to_integer<unsigned char>(byte);
      if (value >= ' ' && value < 0x7f) text += static_cast<char>(value);
      hex += {kHex[value >> 4], kHex[value & 15]};
    }
    return text.size() == header.size() ? text : hex;
  }
  static std::string to_text(ByteRange range) {
    return std::to_string(range.begin) + "-" + std::to_string(range.end);
  }

  const Framing framing_;
  FrameTracker tracker_;
  uint64_t offset_ = 0;
  uint64_t packet_ = 0;
  std::string text_;
  uint64_t frames_ = 0;
  uint64_t undecoded_bytes_ = 0;
};

}  // namespace wireseam
