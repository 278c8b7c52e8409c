// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/text.h"

#include <fmt/format.h>

#include <iterator>

#include "common/escape.h"
#include "common/utc_time.h"
#include "inspector/flow/elapsed.h"
#include "inspector/join/names.h"
#include "inspector/report/ladder.h"
#include "inspector/report/text_block.h"
#include "inspector/report/units.h"

namespace wireseam {
namespace {

constexpr size_t kHeaderShown = 200;  // bytes
constexpr std::string_view kBelow = "                ";
constexpr std::string_view kWiresharkPrefix = "tcp.analysis.";

std::string_view arrow(Direction direction) { return direction == Direction::ToServer ? ">" : "<"; }

std::string_view transport_text(const Connection& connection) {
  return connection.key.transport == Transport::Tcp ? "tcp" : "udp";
}

// "127.0.0.1:40000 > 127.0.0.1:80"
std::string ends_text(const Connection& connection) {
  const IpVersion version = connection.key.version;
  return end_text(connection.client_end(), version) + " > " +
         end_text(connection.server_end(), version);
}

std::string names_text(WiresharkNames names) {
  std::string text;
  names.for_each([&](std::string_view name) {
    text += text.empty() ? "" : ", ";
    text += name.substr(kWiresharkPrefix.size());
  });
  return text;
}

std::string flags_text(uint16_t flags) {
  std::string text;
  for_each_flag(flags, [&](std::string_view name) {
    text += text.empty() ? "" : ",";
    text += name;
  });
  return text;
}

// What costs time or bytes, and not only tells of the way things are.
Ink ink_of(Cause cause) {
  return is_retransmission(cause) || cause == Cause::NotCaptured || cause == Cause::DifferentCopy ||
                 cause == Cause::ZeroWindow
             ? Ink::Trouble
             : Ink::Note;
}

// "1 segment: 6", "3 segments: 6, 8, 9", "70 segments: 6 to 90"
std::string carriers_text(const Frame& frame) {
  constexpr size_t kListed = 4;
  std::string text = count_text(frame.parts.size() + frame.parts_left_out, "segment") + ": ";
  if (frame.parts.size() > kListed)
    return text + fmt::format("{} to {}", frame.parts.front().packet, frame.parts.back().packet);
  for (const FramePart& part : frame.parts)
    text += fmt::format("{}{}", &part == frame.parts.data() ? "" : ", ", part.packet);
  return text;
}

// "2 frames begin, 1 ends, one goes on"
std::string seams_text(const Seams& seams) {
  std::string text = seams.continued ? "within a frame, " : "";
  text += count_text(seams.begun, "frame") + " begun, " + std::to_string(seams.ended) + " ended";
  return seams.continues ? text + ", one goes on" : text;
}

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

double TextReport::seconds(uint64_t time_ns) const {
  return static_cast<double>(elapsed_ns(begin_ns_, time_ns)) / 1e9;
}

void TextReport::begin_line(uint64_t time_ns, const Connection& connection) {
  fmt::format_to(std::back_inserter(text_), "{:11.6f} ", seconds(time_ns));
  paint_.append(text_, Ink::Connection, fmt::format("#{}", connection.id));
  text_ += ' ';
}

void TextReport::begin_line(uint64_t time_ns, const Connection& connection, Direction direction) {
  begin_line(time_ns, connection);
  text_ += arrow(direction);
  text_ += ' ';
}

void TextReport::begun(const Connection& connection) {
  if (begin_ns_ == 0) {
    begin_ns_ = connection.first_ns;
    text_ += "Times are seconds since ";
    UtcTime().append(text_, begin_ns_);
    text_ += ".\n";
  }
  // What begins with a handshake is announced when that is complete.
  if (connection.key.transport == Transport::Tcp && !connection.client_is_guess) return;
  begin_line(connection.first_ns, connection);
  fmt::format_to(std::back_inserter(text_), "{} {}, {}\n", transport_text(connection),
                 ends_text(connection),
                 connection.key.transport == Transport::Tcp ? "which had begun before" : "begins");
}

void TextReport::handshake(const Connection& connection) {
  const Handshake& shake = connection.handshake;
  begin_line(shake.ack.time_ns, connection);
  const bool refused = shake.state == HandshakeState::Refused;
  text_ += "tcp " + ends_text(connection) + " ";
  paint_.append(text_, refused ? Ink::Trouble : Ink::Connection, refused ? "refused" : "connected");
  fmt::format_to(std::back_inserter(text_), " in {}",
                 duration_text(elapsed_ns(shake.first_syn_ns, shake.ack.time_ns)));
  if (shake.syns > 1) fmt::format_to(std::back_inserter(text_), ", SYN sent {} times", shake.syns);
  text_ += '\n';
  append_ladder(text_, handshake_rows(connection));
}

void TextReport::segment(const Connection& connection, const Segment& segment, const Seams* seams) {
  if (segments_ == Segments::Hidden) return;
  begin_line(segment.time_ns, connection, segment.direction);
  const auto line = std::back_inserter(text_);
  fmt::format_to(line, "packet {}: ", segment.packet);
  if (connection.key.transport == Transport::Tcp)
    fmt::format_to(line, "{} ack {} window {} ", flags_text(segment.flags), segment.ack,
                   segment.window);
  fmt::format_to(line, "bytes {}-{}", segment.range.begin, segment.range.end);
  if (segment.wire_packets > 1)
    fmt::format_to(line, " ({} packets on the wire)", segment.wire_packets);
  if (seams != nullptr) text_ += ", " + seams_text(*seams);
  text_ += '\n';
}

void TextReport::note(const Connection& connection, const Note& note) {
  begin_line(note.time_ns, connection, note.direction);
  const auto line = std::back_inserter(text_);
  fmt::format_to(line, "packet {}: ", note.packet);
  const std::string names = names_text(note.wireshark);
  if (note.cause == Cause::None) {
    paint_.append(text_, Ink::Note, "Wireshark: " + names);
  } else {
    paint_.append(text_, ink_of(note.cause), to_string(note.cause));
  }
  if (!note.range.empty()) fmt::format_to(line, " {}-{}", note.range.begin, note.range.end);
  if (note.cause != Cause::None && !names.empty()) fmt::format_to(line, " (Wireshark: {})", names);
  text_ += '\n';
}

void TextReport::frame(const Connection& connection, Direction direction, const Frame& frame,
                       const Framing* framing) {
  begin_line(frame.last_ns, connection, direction);
  paint_.append(text_, Ink::Frame, fmt::format("frame {}", frame.number));
  const auto line = std::back_inserter(text_);
  fmt::format_to(line, " {}-{}, body {}, {}", frame.range.begin, frame.range.end, frame.body.size(),
                 carriers_text(frame));
  if (frame.missing > 0) fmt::format_to(line, ", {} bytes missing", frame.missing);
  text_ += '\n';
  if (framing == nullptr || framing->shape.kind != ShapeKind::JsonHeader) return;
  text_ += kBelow;
  append_escaped(text_, text_of(frame.header), kHeaderShown);
  text_ += '\n';
}

void TextReport::undecoded(const Connection& connection, Direction direction,
                           const Undecoded& undecoded, uint64_t /*packet*/) {
  begin_line(connection.last_ns, connection, direction);
  fmt::format_to(std::back_inserter(text_), "no frame in {}-{}: {}\n", undecoded.range.begin,
                 undecoded.range.end, to_string(undecoded));
}

void TextReport::closing(const Connection& connection, uint64_t packet, uint64_t time_ns) {
  const Teardown& teardown = connection.teardown;
  begin_line(time_ns, connection);
  const bool reset = teardown.state == CloseState::Reset;
  fmt::format_to(std::back_inserter(text_), "packet {}: ", packet);
  paint_.append(text_, reset ? Ink::Trouble : Ink::Connection, to_string(teardown.state));
  if (reset && teardown.rst.discarded > 0)
    fmt::format_to(std::back_inserter(text_), ", {} bytes thrown away", teardown.rst.discarded);
  text_ += '\n';
}

void TextReport::ended(const Connection& connection, const ConnectionFrames* frames,
                       EndReason reason) {
  text_ += '\n';
  paint_.append(text_, Ink::Connection, fmt::format("#{}", connection.id));
  const auto line = std::back_inserter(text_);
  fmt::format_to(line, " {} {}", transport_text(connection), ends_text(connection));
  if (connection.incarnation > 1) fmt::format_to(line, " (incarnation {})", connection.incarnation);
  if (connection.key.transport == Transport::Tcp)
    fmt::format_to(line, ": {}", state_text(connection));
  if (reason == EndReason::GivenUp) text_ += ", given up";
  fmt::format_to(line, "\n    from {:.6f} for {}", seconds(connection.first_ns),
                 duration_text(elapsed_ns(connection.first_ns, connection.last_ns)));
  if (connection.client_is_guess) text_ += "; which end is the client is a guess";
  text_ += '\n';
  append_block(text_, connection, frames);
  text_ += '\n';
}

void TextReport::dropped(const CaptureLosses& losses) {
  const auto line = std::back_inserter(text_);
  fmt::format_to(line, "{:11.6f} ", seconds(losses.time_ns));
  paint_.append(text_, Ink::Trouble, "dropped");
  fmt::format_to(line, " so far: {} by the kernel, {} by the interface\n", losses.kernel,
                 losses.interface);
}

void TextReport::summary(const CaptureSummary& summary) {
  append_summary(text_, summary);
  if (summary.flaw.empty()) return;
  std::string flaw;  // has a file's name
  append_escaped(flaw, summary.flaw);
  paint_.append(text_, Ink::Trouble, flaw);
  text_ += '\n';
}

}  // namespace wireseam
