// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/datagram_calls.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "inspector/join/call_facts.h"
#include "inspector/join/ends.h"
#include "tracer/trace/bytes.h"
#include "tracer/trace/control_message.h"
#include "tracer/trace/given_items.h"

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
    return message_length(call_, parameter_, index_);
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

  // The first of the bytes in that range.
  std::vector<std::byte> begin(ByteRange range) const {
    std::vector<std::byte> bytes;
    const size_t most = range.begin + std::min<uint64_t>(range.size(), kComparedBytes);
    const bool is_plain = kind_ == BytesIn || kind_ == BytesOut;
    for (const Blob& blob : call_.blobs) {
      if (blob.parameter != parameter_ || !blob.readable() || blob.index != index_) continue;
      if (blob.part != (is_plain ? BlobPart::Value : BlobPart::Buffer)) continue;
      bytes.insert(bytes.end(), blob.bytes.begin(), blob.bytes.end());
      if (bytes.size() >= most || blob.bytes.size() < blob.total) break;
    }
    if (bytes.size() > most) bytes.resize(most);
    bytes.erase(bytes.begin(),
                bytes.begin() + std::ptrdiff_t(std::min<uint64_t>(range.begin, bytes.size())));
    return bytes;
  }

  // How long each datagram of the message is, but for the last; 0: it does not say.
  uint64_t segment_size() const {
    for (const Blob& blob : call_.blobs) {
      if (blob.part != BlobPart::Control || blob.index != index_) continue;
      auto rest = blob.bytes;
      while (const auto message = next_control_message(rest)) {
        if (message->level != IPPROTO_UDP) continue;
        if (message->type == UDP_SEGMENT) return read_at<uint16_t>(message->data).value_or(0);
        if (message->type == UDP_GRO) return read_at<uint16_t>(message->data).value_or(0);
      }
    }
    return 0;
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
    return GivenItems<mmsghdr>(call_, parameter_).at(index_);
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
  if (made.local && made.local->family != AddressFamily::Unix && made.local->port == 0)
    made.local.reset();  // the kernel chooses one when it sends
  made.peer = message.peer();
  made.peer_is_guess = !made.peer;
  if (!made.peer) made.peer = endpoint_on_wire(about.socket->peer);
  made.size = result;
  const uint64_t room = message.room();
  uint64_t moved = result;
  if (made.way == Way::Received) {
    moved = std::min(result, room);
    made.truncated = result > room || message.is_truncated();
    made.is_cut = result == room;
  }
  made.begin = message.begin({0, moved});
  made.span.range = {0, moved};
  made.span.room = room;
  return made;
}

// What is one datagram to the call, and several on the wire.
std::vector<DatagramCall> cut(const DatagramCall& whole, const Message& message,
                              uint64_t segment_size) {
  std::vector<DatagramCall> parts;
  if (segment_size == 0 || whole.size <= segment_size || whole.truncated) return {whole};
  for (uint64_t at = 0; at < whole.size; at += segment_size) {
    DatagramCall& part = parts.emplace_back(whole);
    part.size = std::min(segment_size, whole.size - at);
    part.begin = message.begin({at, at + part.size});
    part.batch = whole.size;
    part.is_cut = false;
    part.span.range = {0, part.size};
  }
  return parts;
}

}  // namespace

std::vector<DatagramCall> datagram_calls(const Event& event, const CallEvent& call,
                                         const CallSockets& about, uint64_t segment_size) {
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
                 .room = made.span.room,
                 .more = facts.more};
    const uint64_t own_size = message.segment_size();
    const bool sends = made.way == Way::Sent;
    for (DatagramCall& part : cut(made, message, own_size == 0 && sends ? segment_size : own_size))
      datagrams.push_back(std::move(part));
  }
  return datagrams;
}

DatagramCall joined(const DatagramCall& first, const DatagramCall& last) {
  DatagramCall whole = last;
  whole.peer = first.peer;
  whole.peer_is_guess = first.peer_is_guess;
  whole.size = first.size + last.size;
  whole.begin = first.begin;
  if (first.begin.size() == first.size)
    whole.begin.insert(whole.begin.end(), last.begin.begin(), last.begin.end());
  whole.begin.resize(std::min(whole.begin.size(), kComparedBytes));
  whole.span.begin_ns = first.span.begin_ns;
  whole.span.duration_ns = last.span.end_ns() - first.span.begin_ns;
  whole.span.range = {0, whole.size};
  whole.span.room = first.span.room + last.span.room;
  return whole;
}

}  // namespace wireseam
