// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/datagram_calls.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "inspector/join/call_facts.h"
#include "inspector/join/ends.h"
#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

using enum ParameterKind;

bool brings_bytes(ParameterKind kind) {
  return kind == BytesIn || kind == VectorIn || kind == MessageIn || kind == MessagesIn ||
         kind == BytesOut || kind == VectorOut || kind == MessageOut || kind == MessagesOut;
}

// One message of a call: which parameter brings it, and the how manieth it is.
class Message {
 public:
  Message(const CallEvent& call, size_t parameter, size_t index)
      : call_(call),
        parameter_(parameter),
        index_(index),
        kind_(call.info->parameters()[parameter].kind) {}

  bool is_one_of_many() const { return kind_ == MessagesIn || kind_ == MessagesOut; }

  // What the call said of it; no value where that was not recorded.
  std::optional<uint64_t> result() const {
    if (!is_one_of_many()) return static_cast<uint64_t>(call_.result);
    const auto header = many_header();
    return header ? std::optional<uint64_t>(header->msg_len) : std::nullopt;
  }

  // The kernel has said that the datagram was longer than the room for it.
  bool is_truncated() const {
    if (kind_ == MessagesOut) {
      const auto header = many_header();
      return header && (header->msg_hdr.msg_flags & MSG_TRUNC) != 0;
    }
    const auto blob = kind_ == MessageOut ? call_.blobs.find(parameter_) : std::nullopt;
    const auto header = blob ? read_at<msghdr>(blob->bytes) : std::nullopt;
    return header && (header->msg_flags & MSG_TRUNC) != 0;
  }

  uint64_t room() const {
    if (kind_ == BytesIn || kind_ == BytesOut) return call_.arguments[parameter_ + 1];
    uint64_t room = 0;
    const auto vector = call_.blobs.find(parameter_, BlobPart::Vector, index_);
    for (size_t at = 0; vector && read_at<iovec>(vector->bytes, at); at += sizeof(iovec))
      room += read_at<iovec>(vector->bytes, at)->iov_len;
    return room;
  }

  std::vector<std::byte> begin(uint64_t size) const {
    std::vector<std::byte> bytes;
    const size_t most = std::min<uint64_t>(size, kComparedBytes);
    const bool is_plain = kind_ == BytesIn || kind_ == BytesOut;
    for (const Blob& blob : call_.blobs) {
      if (blob.parameter != parameter_ || !blob.readable() || blob.index != index_) continue;
      if (blob.part != (is_plain ? BlobPart::Value : BlobPart::Buffer)) continue;
      bytes.insert(bytes.end(), blob.bytes.begin(), blob.bytes.end());
      if (bytes.size() >= most || blob.bytes.size() < blob.total) break;
    }
    if (bytes.size() > most) bytes.resize(most);
    return bytes;
  }

  // Whom it was sent to or came from, where the call says so.
  std::optional<Endpoint> peer() const {
    const auto parameters = call_.info->parameters();
    for (const Blob& blob : call_.blobs) {
      if (blob.parameter >= parameters.size()) continue;
      const ParameterKind kind = parameters[blob.parameter].kind;
      const bool is_address =
          (kind == AddressIn || kind == AddressOut) && blob.part == BlobPart::Value;
      const bool is_name = blob.part == BlobPart::Name && blob.index == index_;
      if (is_address || is_name) return endpoint_on_wire(blob.bytes);
    }
    return std::nullopt;
  }

 private:
  std::optional<mmsghdr> many_header() const {
    const auto headers = call_.blobs.find(parameter_);
    return headers ? read_at<mmsghdr>(headers->bytes, index_ * sizeof(mmsghdr)) : std::nullopt;
  }

  const CallEvent& call_;
  size_t parameter_;
  size_t index_;
  ParameterKind kind_;
};

DatagramCall datagram_of(const Message& message, uint64_t result, const CallSockets& about) {
  DatagramCall made;
  made.way = about.transfer->way;
  made.local = endpoint_on_wire(about.socket->local);
  made.peer = message.peer();
  if (!made.peer) made.peer = endpoint_on_wire(about.socket->peer);
  made.size = result;
  const uint64_t room = message.room();
  uint64_t moved = result;
  if (made.way == Way::Received) {
    moved = std::min(result, room);
    made.truncated = result > room || message.is_truncated();
    made.is_cut = result == room;
  }
  made.begin = message.begin(moved);
  made.span.range = {0, moved};
  made.span.room = room;
  return made;
}

}  // namespace

std::vector<DatagramCall> datagram_calls(const Event& event, const CallEvent& call,
                                         const CallSockets& about) {
  std::vector<DatagramCall> datagrams;
  if (!about.transfer || about.socket == nullptr) return datagrams;
  const auto parameters = call.info->parameters();
  const auto carrier = std::ranges::find_if(
      parameters, [](const Parameter& parameter) { return brings_bytes(parameter.kind); });
  if (carrier == parameters.end()) return datagrams;
  const auto parameter = static_cast<size_t>(carrier - parameters.begin());
  const size_t count =
      Message(call, parameter, 0).is_one_of_many() ? static_cast<size_t>(call.result) : 1;
  for (size_t index = 0; index < count; ++index) {
    const Message message(call, parameter, index);
    const auto result = message.result();
    if (!result) break;
    DatagramCall made = datagram_of(message, *result, about);
    const CallSpan facts = span_of(event, call, about.fd, made.span.range);
    made.span = {.range = made.span.range,
                 .name = facts.name,
                 .fd = facts.fd,
                 .pid = facts.pid,
                 .tid = facts.tid,
                 .begin_ns = facts.begin_ns,
                 .duration_ns = facts.duration_ns,
                 .room = made.span.room};
    datagrams.push_back(std::move(made));
  }
  return datagrams;
}

}  // namespace wireseam
