// SPDX-License-Identifier: Apache-2.0
// Every framing of the table is tried on both directions, and the one with the most evidence wins
// (resync.cc says what evidence is): what its frames have that others don't, frames that end where
// packets end, what only its streams open with, and its usual port. A framing for which one
// direction is malformed is out, unless it is one that may be spoken by either alone. Those that
// have no marks of their own but a length (kafka, dns) are recognised on their usual ports only, or
// else they would claim each other's streams.
#include "inspector/frame/framing_detector.h"

#include <algorithm>

#include "inspector/frame/evidence.h"

namespace wireseam {
namespace {

constexpr int kEnough = 30;   // to be named at all
constexpr int kCertain = 48;  // to be named before all that may be kept is there
constexpr int kHopeless = 8;  // below it nothing comes of it, once both have spoken
constexpr int kUsualPort = 12;
constexpr int kPacketEnd = 18;  // of the frames from the first byte on; it counts once
constexpr int kOwnMarks = 8;    // what tells a framing from others without its port
constexpr int kFramesFollowed = 4;
constexpr size_t kMostText = 16;

// What one direction says for a framing.
struct Testimony {
  bool against = false;
  int bits = 0;
  int marks = 0;            // bits of what others don't have
  uint64_t first_size = 0;  // of the first frame; 0: not known yet
  bool fills_packets = false;
};

// What opens the way to another protocol (TLS), a single byte and a line of text are no marks.
int evidence_of(const Opening& opening) {
  if (opening.next == Place::Encrypted) return 0;
  if (opening.shape != nullptr && opening.shape->max == 1) return 0;
  if (opening.shape != nullptr && opening.shape->kind == ShapeKind::Delimited) return 0;
  const auto set = std::ranges::count_if(opening.bytes, [](char c) { return c != 0; });
  return 8 * static_cast<int>(std::min<size_t>(static_cast<size_t>(set), kMostText));
}

const Opening* opening_of(const Framing& framing, Place place, Bytes window) {
  for (const Opening& opening : framing.openings) {
    if (opening.at != place || window.size() < opening.offset + opening.bytes.size()) continue;
    const auto here = window.subspan(opening.offset, opening.bytes.size());
    if (std::ranges::equal(here, std::as_bytes(std::span(opening.bytes)))) return &opening;
  }
  return nullptr;
}

// Zeros are no marks: they are in everybody's lengths.
int marks_of(const Shape& shape) {
  int bits = 0;
  for (const ByteCheck& check : shape.checks) {
    const Shape one{.checks = {&check, 1}};
    if (check.high > 0) bits += evidence_of_checks(one);
  }
  return bits;
}

void count_frame(const Framing& framing, Place place, Bytes rest, const FrameExtent& extent,
                 Testimony& testimony) {
  const Opening* opening = opening_of(framing, place, rest);
  const bool is_own_shape = opening == nullptr || opening->shape == nullptr;
  const Shape& shape = is_own_shape ? usual_shape(framing, place) : *opening->shape;
  const int opened = opening == nullptr ? 0 : evidence_of(*opening);
  const int json = shape.kind == ShapeKind::JsonHeader ? kOwnMarks : 0;
  testimony.marks += opened + marks_of(shape) + json;
  testimony.bits += opened + evidence_of_checks(shape) + evidence_of_length(shape, extent);
}

// Bytes that the peer wrote at once end with a frame more often than not.
Testimony hear(const Framing& framing, Place place, Bytes said) {
  Testimony testimony;
  uint64_t at = 0;
  for (int i = 0; i < kFramesFollowed && at < said.size(); ++i) {
    const Bytes rest = said.subspan(at);
    const CutResult result = framing.cut(rest, place);
    testimony.against = std::holds_alternative<Malformed>(result);
    const auto* extent = std::get_if<FrameExtent>(&result);
    if (extent == nullptr) break;
    if (extent->size > rest.size() && i > 0) break;
    count_frame(framing, place, rest, *extent, testimony);
    if (i == 0) testimony.first_size = extent->size;
    if (extent->size > rest.size()) break;
    at += extent->size;
    place = extent->next;
    if (at == said.size()) testimony.fills_packets = true;
  }
  if (testimony.fills_packets) testimony.bits += kPacketEnd;
  return testimony;
}

// Whether a stream can be recognised by more than its port at all. Lines and fixed sizes fit
// anything.
bool has_shape_of_its_own(const Framing& framing) {
  switch (framing.shape.kind) {
    case ShapeKind::LengthField:
    case ShapeKind::JsonHeader:
    case ShapeKind::Varint:
      return framing.shape.width > 0 || framing.shape.kind == ShapeKind::JsonHeader;
    case ShapeKind::Raw:
    case ShapeKind::Fixed:
    case ShapeKind::Delimited:
      break;
  }
  return false;
}

std::string words_of(std::string_view who, uint32_t first_size) {
  if (first_size == 0) return "";
  return std::string(who) + "'s first frame has " + std::to_string(first_size) +
         (first_size == 1 ? " byte" : " bytes");
}

uint32_t shown_size(const Testimony& testimony) {
  return static_cast<uint32_t>(std::min<uint64_t>(testimony.first_size, UINT32_MAX));
}

}  // namespace

struct FramingDetector::Candidate {
  const Framing* framing = nullptr;
  int bits = 0;
  std::array<Testimony, 2> said{};
};

FramingDetector::FramingDetector(uint16_t client_port, uint16_t server_port, Place place)
    : client_port_(client_port), server_port_(server_port), place_(place) {}

std::optional<FramingChoice> FramingDetector::add(Speaker speaker, const StreamPiece& piece) {
  const auto side = static_cast<size_t>(speaker);
  const size_t room = kMostBytes - bytes_[side].size();
  const bool is_cut = piece.bytes.size() < piece.range.size();
  const bool is_full = piece.bytes.size() > room || kept_.size() + 1 >= kMostPieces || is_cut;
  const size_t before = bytes_[side].size();
  const Bytes bytes = piece.bytes.first(std::min(room, piece.bytes.size()));
  bytes_[side].insert(bytes_[side].end(), bytes.begin(), bytes.end());

  const Candidate candidate = best(said());
  if (is_full || is_clear(candidate)) {
    bytes_[side].resize(before);
    return choice(candidate);
  }
  kept_.push_back({speaker, piece});
  return std::nullopt;
}

bool FramingDetector::is_clear(const Candidate& candidate) const {
  if (candidate.framing == nullptr) return true;
  if (bytes_[0].empty() || bytes_[1].empty()) return candidate.bits >= 2 * kCertain;
  return candidate.bits >= kCertain || candidate.bits < kHopeless;
}

FramingChoice FramingDetector::choose() const { return choice(best(said())); }

void FramingDetector::replay(const std::function<void(Speaker, const StreamPiece&)>& take) const {
  std::array<Bytes, 2> left = said();
  for (const Kept& kept : kept_) {
    Bytes& bytes = left[static_cast<size_t>(kept.speaker)];
    StreamPiece piece = kept.piece;
    piece.bytes = bytes.first(piece.range.size());
    bytes = bytes.subspan(piece.range.size());
    take(kept.speaker, piece);
  }
}

size_t FramingDetector::memory() const {
  return bytes_[0].capacity() + bytes_[1].capacity() + kept_.capacity() * sizeof(Kept);
}

// Without a framing where none is left. One that is named but short of kEnough may still win.
FramingDetector::Candidate FramingDetector::best(std::array<Bytes, 2> said) const {
  Candidate best;
  for (const Framing& framing : all_framings()) {
    const Candidate candidate = weigh(framing, said);
    if (candidate.framing != nullptr && (best.framing == nullptr || candidate.bits > best.bits))
      best = candidate;
  }
  return best;
}

FramingDetector::Candidate FramingDetector::weigh(const Framing& framing,
                                                  std::array<Bytes, 2> said) const {
  if (!has_shape_of_its_own(framing)) return {};
  Candidate candidate{.framing = &framing};
  int marks = 0;
  for (size_t side = 0; side < said.size(); ++side) {
    candidate.said[side] = hear(framing, place_, said[side]);
    if (candidate.said[side].against) {
      if (framing.spoken_by == SpokenBy::Both) return {};
      candidate.said[side] = {.against = true};
    }
    candidate.bits += candidate.said[side].bits;
    marks += candidate.said[side].marks;
  }
  if (candidate.said[0].against && candidate.said[1].against) return {};
  const bool port = known_port(framing) != 0;
  if (port) candidate.bits += kUsualPort;
  if (!port && marks < kOwnMarks && framing.name != "len32le") candidate.bits = 0;
  return candidate;
}

uint16_t FramingDetector::known_port(const Framing& framing) const {
  for (const uint16_t port : {server_port_, client_port_})
    if (std::ranges::find(framing.ports, port) != framing.ports.end()) return port;
  return 0;
}

FramingChoice FramingDetector::choice(const Candidate& candidate) const {
  if (candidate.framing == nullptr || candidate.bits < kEnough) return {&all_framings().front()};
  const auto& [client, server] = candidate.said;
  return {candidate.framing,
          {.first_sizes = {shown_size(client), shown_size(server)},
           .port = known_port(*candidate.framing),
           .ends_with_packets = client.fills_packets || server.fills_packets},
          {!client.against, !server.against}};
}

std::string reason_text(const Framing& framing, const FramingGrounds& grounds) {
  if (&framing == &all_framings().front()) return "no frames recognised: raw";
  std::string reason = std::string(framing.name) + ": ";
  const std::string client = words_of("the client", grounds.first_sizes[0]);
  const std::string server = words_of("the server", grounds.first_sizes[1]);
  reason += client + (client.empty() || server.empty() ? "" : ", ") + server;
  if (grounds.ends_with_packets) reason += ", frames end where packets end";
  if (grounds.port != 0) reason += ", port " + std::to_string(grounds.port);
  return reason;
}

}  // namespace wireseam
