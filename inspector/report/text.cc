// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/text.h"

#include <fmt/format.h>

#include <iterator>

#include "common/count_text.h"
#include "common/escape.h"
#include "common/utc_time.h"
#include "inspector/flow/elapsed.h"
#include "inspector/join/names.h"
#include "inspector/report/ladder.h"
#include "inspector/report/text_block.h"
#include "inspector/report/text_line.h"
#include "inspector/report/units.h"

namespace wireseam {
namespace {

constexpr size_t kHeaderShown = 200;  // bytes
constexpr std::string_view kWiresharkPrefix = "tcp.analysis.";
constexpr std::string_view kPlainRetransmission = "tcp.analysis.retransmission";

std::string_view transport_text(const Connection& connection) {
  return connection.key.transport == Transport::Tcp ? "tcp" : "udp";
}

// "tcp 127.0.0.1:40000 > 127.0.0.1:80"
void add_ends(TextLine& line, const Connection& connection) {
  const IpVersion version = connection.key.version;
  line.add_part(fmt::format("{} {} >", transport_text(connection),
                            end_text(connection.client_end(), version)));
  line.add_part(end_text(connection.server_end(), version));
}

// Wireshark says of a fast or spurious retransmission that it is a retransmission, too.
std::string names_text(const WiresharkNames& names) {
  const bool is_special = names.has(WiresharkName::FastRetransmission) ||
                          names.has(WiresharkName::SpuriousRetransmission);
  std::string text;
  names.for_each([&](std::string_view name) {
    if (is_special && name == kPlainRetransmission) return;
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

// "4 bytes before the first one captured"
std::string before_text(uint32_t bytes) {
  return count_text(bytes, "byte") + " before the first one captured";
}

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

double TextReport::seconds(uint64_t time_ns) const {
  return static_cast<double>(between_ns(begin_ns_.value_or(time_ns), time_ns)) / 1e9;
}

// All times count from the first one.
void TextReport::start(uint64_t time_ns) {
  if (begin_ns_) return;
  begin_ns_ = time_ns;
  text_ += "Times are seconds since ";
  UtcTime().append(text_, *begin_ns_);
  text_ += ".\n";
}

void TextReport::begin(TextLine& line, uint64_t time_ns, uint64_t connection) const {
  line.add(fmt::format("{:11.6f} ", seconds(time_ns)));
  line.add(Ink::Connection, fmt::format("#{}", connection));
}

void TextReport::begin(TextLine& line, uint64_t time_ns, uint64_t connection,
                       Direction direction) const {
  begin(line, time_ns, connection);
  line.add(direction == Direction::ToServer ? " >" : " <");
}

void TextReport::begun(const Connection& connection) {
  start(connection.first_ns);
  // What begins with a handshake is announced when that is complete.
  const bool is_tcp = connection.key.transport == Transport::Tcp;
  if (is_tcp && !connection.client_is_guess) return;
  TextLine line(text_, paint_);
  begin(line, connection.first_ns, connection.id);
  add_ends(line, connection);
  line.add(",");
  line.add_part(is_tcp ? "which had begun before" : "begins");
}

void TextReport::handshake(const Connection& connection) {
  announce(connection);
  append_ladder(text_, handshake_rows(connection));
}

void TextReport::announce(const Connection& connection) {
  const Handshake& shake = connection.handshake;
  TextLine line(text_, paint_);
  begin(line, shake.end_ns, connection.id);
  add_ends(line, connection);
  const bool refused = shake.state == HandshakeState::Refused;
  line.add_part(refused ? Ink::Trouble : Ink::Connection, refused ? "refused" : "connected");
  if (const auto duration_ns = shake.duration_ns())
    line.add_part("in " + duration_text(*duration_ns));
  if (shake.syns > 1) line.add_part(fmt::format("with {} SYNs", shake.syns));
}

void TextReport::segment(const Connection& connection, const Segment& segment, const Seams* seams) {
  if (segments_ == Segments::Hidden) return;
  TextLine line(text_, paint_);
  begin(line, segment.time_ns, connection.id, segment.direction);
  line.add(fmt::format(" packet {}:", segment.packet));
  if (connection.key.transport == Transport::Tcp)
    line.add_part(fmt::format("{} ack {} window {}{}", flags_text(segment.flags), segment.ack,
                              segment.window, segment.window_scale_unknown ? " unscaled" : ""));
  if (segment.before_axis > 0) line.add_part(before_text(segment.before_axis));
  if (segment.before_axis == 0 && segment.range.empty())
    line.add_part(fmt::format("at {}", segment.range.begin));
  if (!segment.range.empty())
    line.add_part(fmt::format("bytes {}-{}", segment.range.begin, segment.range.end));
  if (segment.rst_text > 0)
    line.add_part(fmt::format("({} of text in the RST)", count_text(segment.rst_text, "byte")));
  if (segment.wire_packets > 1)
    line.add_part(fmt::format("({} packets on the wire)", segment.wire_packets));
  if (seams != nullptr) line.add_part("(" + seams_text(*seams) + ")");
}

void TextReport::note(const Connection& connection, const Note& note) {
  TextLine line(text_, paint_);
  begin(line, note.time_ns, connection.id, note.direction);
  line.add(fmt::format(" packet {}:", note.packet));
  const std::string names = names_text(note.wireshark);
  if (note.cause == Cause::None) {
    line.add_part(Ink::Note, "Wireshark: " + names);
  } else {
    line.add_part(ink_of(note.cause), to_string(note.cause));
  }
  if (!note.range.empty()) line.add(fmt::format(" {}-{}", note.range.begin, note.range.end));
  if (note.before_axis > 0) line.add_part("(" + before_text(note.before_axis) + ")");
  if (note.cause != Cause::None && !names.empty()) line.add_part("(Wireshark: " + names + ")");
}

void TextReport::frame(const Connection& connection, Direction direction, const Frame& frame,
                       const Framing* framing) {
  {
    TextLine line(text_, paint_);
    begin(line, frame.last_ns, connection.id, direction);
    add_frame(line, frame);
    line.add_part(carriers_text(frame));
    if (frame.missing > 0) line.add_part(fmt::format("({} bytes missing)", frame.missing));
  }
  append_header(frame, framing);
}

void TextReport::add_frame(TextLine& line, const Frame& frame) const {
  line.add_part(Ink::Frame, fmt::format("frame {}", frame.number));
  line.add(fmt::format(" {}-{}, body {},", frame.range.begin, frame.range.end, frame.body.size()));
}

void TextReport::append_header(const Frame& frame, const Framing* framing) {
  if (framing == nullptr || framing->shape.kind != ShapeKind::JsonHeader) return;
  std::string header;
  append_escaped(header, text_of(frame.header), kHeaderShown);
  append_below(text_, header);
}

void TextReport::undecoded(const Connection& connection, Direction direction,
                           const Undecoded& undecoded, uint64_t /*packet*/) {
  TextLine line(text_, paint_);
  begin(line, connection.last_ns, connection.id, direction);
  line.add(fmt::format(" no frame in {}-{}:", undecoded.range.begin, undecoded.range.end));
  line.add_part(to_string(undecoded));
}

void TextReport::closing(const Connection& connection, uint64_t packet, uint64_t time_ns) {
  const Teardown& teardown = *connection.teardown;
  TextLine line(text_, paint_);
  begin(line, time_ns, connection.id);
  const bool reset = teardown.state == CloseState::Reset;
  line.add(fmt::format(" packet {}: ", packet));
  const bool half_open = connection.handshake.state == HandshakeState::SynReceived;
  line.add(reset ? Ink::Trouble : Ink::Connection,
           reset && half_open ? state_words(connection) : std::string(to_string(teardown.state)));
  if (reset && teardown.rst.discarded > 0)
    line.add(", " + count_text(teardown.rst.discarded, "byte") + " thrown away");
}

void TextReport::ended(const Connection& connection, const ConnectionFrames* frames,
                       EndReason reason) {
  text_ += '\n';
  append_title(connection, reason);
  const auto line = std::back_inserter(text_);
  fmt::format_to(line, "    from {:.6f} for {}", seconds(connection.first_ns),
                 duration_text(elapsed_ns(connection.first_ns, connection.last_ns)));
  if (connection.client_is_guess) text_ += "; which end is the client is a guess";
  text_ += '\n';
  append_block(text_, connection, frames);
  text_ += '\n';
}

void TextReport::append_title(const Connection& connection, EndReason reason) {
  const bool is_tcp = connection.key.transport == Transport::Tcp;
  TextLine line(text_, paint_);
  line.add(Ink::Connection, fmt::format("#{}", connection.id));
  add_ends(line, connection);
  if (is_tcp) {
    line.add(":");
    line.add_part(state_words(connection));
  }
  const Half& to_server = connection.half(Direction::ToServer);
  const Half& to_client = connection.half(Direction::ToClient);
  if (const std::string vlans = vlan_text(connection.key, to_server, to_client); !vlans.empty())
    line.add_part(fmt::format("({})", vlans));
  if (connection.incarnation > 1)
    line.add_part(fmt::format("(incarnation {})", connection.incarnation));
  if (reason == EndReason::GivenUp) line.add_part("(given up)");
}

void TextReport::dropped(const CaptureLosses& losses) {
  const auto line = std::back_inserter(text_);
  fmt::format_to(line, "{:11.6f} ", seconds(losses.time_ns));
  paint_.append(text_, Ink::Trouble, "dropped");
  fmt::format_to(line, " so far: {}\n", to_string(losses));
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
