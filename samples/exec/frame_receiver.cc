// SPDX-License-Identifier: Apache-2.0
// recv(2) whenever the frame reader is in need of more.
#include "samples/exec/frame_receiver.h"

#include <fmt/format.h>

#include <span>
#include <variant>

#include "common/error.h"

namespace wireseam::samples {
namespace {

JsonHeader header_of(const FrameBegin& frame, ExecFraming framing) {
  if (framing != ExecFraming::JsonHeader) return {.total_size = frame.extent.body_size};
  // That it can be read was seen when the frame was cut.
  return std::get<JsonHeader>(parse_json_header(frame.header.subspan(sizeof(int32_t))));
}

}  // namespace

FrameReceiver::FrameReceiver(const Connection& from, std::string_view framing, size_t recv_size)
    : from_(from),
      framing_(exec_framing(framing)),
      frames_(parse_framing(framing)),
      buffer_(recv_size) {}

std::optional<JsonHeader> FrameReceiver::next_header() {
  const auto event = next_event();
  if (!event) return std::nullopt;
  JsonHeader header = header_of(std::get<FrameBegin>(*event), framing_);
  body_left_ = header.total_size;
  return header;
}

std::string_view FrameReceiver::next_piece() {
  const auto event = next_event();
  if (!event || std::holds_alternative<FrameEnd>(*event)) return {};
  const Bytes piece = std::get<BodyPiece>(*event).bytes;
  body_left_ -= piece.size();
  return {reinterpret_cast<const char*>(piece.data()), piece.size()};
}

// No value when the peer has closed the connection between two messages.
std::optional<FrameEvent> FrameReceiver::next_event() {
  while (true) {
    const FrameEvent event = frames_.next();
    if (const auto* malformed = std::get_if<Malformed>(&event))
      throw Error(fmt::format("recv {}: {}", from_.peer, to_string(*malformed)));
    if (!std::holds_alternative<NeedMore>(event)) return event;
    if (receive()) continue;
    if (frames_.at_boundary()) return std::nullopt;
    if (body_left_ == 0)
      throw Error(fmt::format("recv {}: stopped in the middle of a header", from_.peer));
    throw Error(fmt::format("recv {}: stopped with {} bytes missing", from_.peer, body_left_));
  }
}

// False when the peer has closed the connection.
bool FrameReceiver::receive() {
  const ssize_t received = recv(from_.fd.get(), buffer_.data(), buffer_.size(), 0);
  const size_t size = checked_size(received, "recv", from_.peer);
  frames_.feed(std::as_bytes(std::span(buffer_).first(size)));
  return size > 0;
}

}  // namespace wireseam::samples
