// SPDX-License-Identifier: Apache-2.0
// Finds out a connection's framing from the first bytes of both directions, and keeps them until
// then.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/framing/framing.h"
#include "common/stream_piece.h"

namespace wireseam {

enum class Speaker : uint8_t { Client, Server };

// What spoke for a choice. There may be very many of them, so it is no text.
struct FramingGrounds {
  std::array<uint32_t, 2> first_sizes{};  // of the first frames, by Speaker; 0: not known
  uint16_t port = 0;                      // the usual one; 0: it is another
  bool ends_with_packets = false;         // frames do
};

struct FramingChoice {
  const Framing* framing = nullptr;  // a row of the table
  FramingGrounds grounds{};
  std::array<bool, 2> framed{true, true};  // by Speaker; the other one's bytes are in no frames
};

// "tls: the client's first frame has 261 bytes, port 443"
std::string reason_text(const Framing& framing, const FramingGrounds& grounds);

class FramingDetector {
 public:
  // What is kept at most of a connection that says nothing clear.
  static constexpr size_t kMostBytes = 4096;
  static constexpr size_t kMostPieces = 16;

  // `place`: Middle if the connection was there before its capture.
  FramingDetector(uint16_t client_port, uint16_t server_port, Place place);

  // The next bytes of one direction. A choice is made as soon as it is certain, or as no more is
  // to be kept; the piece is then not among those that replay() gives.
  std::optional<FramingChoice> add(Speaker speaker, const StreamPiece& piece);

  // The choice by what there is: where bytes are missing, and at the connection's end.
  FramingChoice choose() const;

  // All pieces that were kept, in the order in which they came.
  void replay(const std::function<void(Speaker, const StreamPiece&)>& take) const;

  size_t memory() const;  // allocated besides itself, in bytes, about

 private:
  struct Kept {
    Speaker speaker;
    StreamPiece piece;  // its bytes lie in bytes_, by the speaker
  };
  struct Candidate;

  bool is_clear(const Candidate& candidate) const;
  Candidate best(std::array<Bytes, 2> said) const;
  Candidate weigh(const Framing& framing, std::array<Bytes, 2> said) const;
  FramingChoice choice(const Candidate& candidate) const;
  std::array<Bytes, 2> said() const { return {bytes_[0], bytes_[1]}; }
  uint16_t known_port(const Framing& framing) const;

  uint16_t client_port_;
  uint16_t server_port_;
  Place place_;
  std::array<std::vector<std::byte>, 2> bytes_;
  std::vector<Kept> kept_;
};

}  // namespace wireseam
