// SPDX-License-Identifier: Apache-2.0
// Cuts a conversation into frames, for tests that know what was said.
//
//   cut_conversation FRAMING|auto SERVER_PORT < CONVERSATION
//
// The conversation is a sequence of packets: a byte 'c' (client) or 's' (server), the size as four
// bytes, big-endian, and the bytes. Printed are "framing NAME: REASON", then "c BEGIN END" for each
// frame of the client, and "c BEGIN END ? REASON" for bytes in which there is none; 's' the same.
#include <array>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "inspector/frame/frame_tracker.h"
#include "inspector/frame/framing_detector.h"

using namespace wireseam;

namespace {

constexpr uint16_t kClientPort = 50000;

class Printing : public FrameSink {
 public:
  explicit Printing(char side) : side_(side) {}

  void frame(const Frame& frame) override {
    std::cout << side_ << " " << frame.range.begin << " " << frame.range.end << "\n";
  }
  void undecoded(const Undecoded& undecoded) override {
    std::cout << side_ << " " << undecoded.range.begin << " " << undecoded.range.end << " ? "
              << to_string(undecoded) << "\n";
  }

 private:
  char side_;
};

class Conversation {
 public:
  Conversation(const std::string& framing, uint16_t port)
      : detector_(kClientPort, port, Place::Start) {
    if (framing != "auto") begin(parse_framing(framing), "as told");
  }

  void say(Speaker speaker, std::string_view bytes) {
    uint64_t& offset = offsets_[static_cast<size_t>(speaker)];
    const ByteRange range{offset, offset + bytes.size()};
    offset = range.end;
    ++packet_;
    const StreamPiece piece{range, packet_, packet_, std::as_bytes(std::span(bytes))};
    if (trackers_.empty()) {
      const auto choice = detector_.add(speaker, piece);
      if (!choice) return;
      begin(*choice->framing, reason_text(*choice->framing, choice->grounds));
    }
    track(speaker, piece);
  }

  void end() {
    if (trackers_.empty()) {
      const FramingChoice choice = detector_.choose();
      begin(*choice.framing, reason_text(*choice.framing, choice.grounds));
    }
    for (size_t side = 0; side < trackers_.size(); ++side) trackers_[side].end(sinks_[side]);
  }

 private:
  void begin(const Framing& framing, const std::string& reason) {
    framing_ = framing;
    std::cout << "framing " << framing.name << ": " << reason << "\n";
    for (int side = 0; side < 2; ++side) trackers_.emplace_back(framing_, Place::Start);
    detector_.replay([&](Speaker speaker, const StreamPiece& piece) { track(speaker, piece); });
  }
  void track(Speaker speaker, const StreamPiece& piece) {
    const auto side = static_cast<size_t>(speaker);
    trackers_[side].data(piece, sinks_[side]);
  }

  FramingDetector detector_;
  Framing framing_;
  std::vector<FrameTracker> trackers_;
  std::array<Printing, 2> sinks_{Printing('c'), Printing('s')};
  std::array<uint64_t, 2> offsets_{};
  uint64_t packet_ = 0;
};

std::string_view take(std::string_view& input, size_t size) {
  if (size > input.size()) throw Error("the conversation is cut short");
  const std::string_view bytes = input.substr(0, size);
  input.remove_prefix(size);
  return bytes;
}

void cut(const std::string& framing, uint16_t port) {
  const std::string input(std::istreambuf_iterator<char>(std::cin), {});
  std::string_view rest = input;
  Conversation conversation(framing, port);
  while (!rest.empty()) {
    const Speaker speaker = take(rest, 1) == "c" ? Speaker::Client : Speaker::Server;
    size_t size = 0;
    for (const char c : take(rest, 4)) size = size << 8 | static_cast<unsigned char>(c);
    conversation.say(speaker, take(rest, size));
  }
  conversation.end();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: cut_conversation FRAMING|auto SERVER_PORT < CONVERSATION\n";
    return 2;
  }
  try {
    cut(argv[1], static_cast<uint16_t>(std::atoi(argv[2])));
  } catch (const Error& error) {
    std::cerr << "cut_conversation: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
