// SPDX-License-Identifier: Apache-2.0
// Recording of iovecs and of message headers (sendmsg(2), recvmmsg(2)): each buffer is a blob of
// its own, in the order of the iovec array.
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "tracer/shim/capture.h"
#include "tracer/shim/safe_copy.h"

namespace wireseam {
namespace {

constexpr uint64_t kMaxVectors = 1024;  // UIO_MAXIOV
constexpr uint64_t kMaxMessages = 1024;
constexpr size_t kMaxControl = 4096;
// The padding behind it is no part of what the kernel looks at.
constexpr size_t kMessageBytes = offsetof(mmsghdr, msg_len) + sizeof(mmsghdr::msg_len);

bool in_one_page(const void* pointer, size_t size) {
  const auto begin = reinterpret_cast<uintptr_t>(pointer);
  return size == 0 || begin / kPageSize == (begin + size - 1) / kPageSize;
}

// Which buffer of the call this is about, and how its memory may be read.
struct Place {
  OpenCall& call;
  uint8_t parameter;
  uint16_t message;
  Trust trust;

  void put(BlobPart part, const void* source, uint64_t stored, uint64_t total) const {
    if (source == nullptr) return;
    write_blob(call, {parameter, part, message, static_cast<uint32_t>(stored), total}, source,
               trust);
  }

  // For memory of which the kernel may have touched only a part: that says of one page that it is
  // there, and nothing of the next.
  Place in_page(const void* source, size_t size) const {
    return {call, parameter, message, in_one_page(source, size) ? trust : Trust::Nobody};
  }
};

// What a vector's buffers were for. Sent buffers are shown whole, and the kernel has read the first
// `moved` bytes of them; of received ones `moved` bytes were written.
enum class Way : uint8_t { Sent, Received };

void put_array(const Place& place, const iovec* vector, uint64_t count) {
  place.put(BlobPart::Vector, vector, count * sizeof(iovec), count * sizeof(iovec));
}

void put_vector(const Place& place, const iovec* vector, uint64_t count, Way way, uint64_t moved) {
  if (vector == nullptr) return;
  count = std::min(count, kMaxVectors);
  put_array(place, vector, count);
  for (uint64_t k = 0; k < count; ++k) {
    iovec item;
    if (!copy_from_program(&item, vector + k, sizeof item, place.trust)) return;
    const uint64_t touched = std::min<uint64_t>(item.iov_len, moved);
    const uint64_t length = way == Way::Sent ? item.iov_len : touched;
    const uint64_t stored = std::min<uint64_t>(length, shim.payload_limit);
    const Place buffer{place.call, place.parameter, place.message,
                       stored <= touched ? place.trust : Trust::Nobody};
    buffer.put(BlobPart::Buffer, item.iov_base, stored, length);
    moved -= touched;
  }
}

void put_message(const Place& place, const msghdr& message, size_t name_room, Way way,
                 uint64_t moved) {
  const size_t name = std::min<size_t>({message.msg_namelen, name_room, kMaxSockaddr});
  place.in_page(message.msg_name, name)
      .put(BlobPart::Name, message.msg_name, name, message.msg_namelen);
  put_vector(place, message.msg_iov, message.msg_iovlen, way, moved);
  // Its length counts padding that the kernel did not write.
  const size_t control = std::min(message.msg_controllen, kMaxControl);
  place.in_page(message.msg_control, control)
      .put(BlobPart::Control, message.msg_control, control, message.msg_controllen);
}

// Descriptors that came along (SCM_RIGHTS) have numbers whose past is another one's.
void forget_received(const msghdr& message) {
  if (message.msg_control == nullptr) return;
  auto* header = const_cast<msghdr*>(&message);
  for (cmsghdr* item = CMSG_FIRSTHDR(header); item != nullptr; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t k = 0; k < count; ++k) {
      int fd = -1;
      memcpy(&fd, CMSG_DATA(item) + k * sizeof fd, sizeof fd);
      set_descriptor_kind(fd, DescriptorKind::Unknown);
    }
  }
}

Trust trust_of_received(int flags) {
  return (flags & MSG_TRUNC) != 0 ? Trust::Nobody : Trust::Kernel;
}

uint64_t moved_by(const Returned& call) {
  return call.failed ? 0 : static_cast<uint64_t>(call.result);
}

Place place_of(Returned& call, size_t i, uint64_t message, Trust trust) {
  return {call.call, static_cast<uint8_t>(i), static_cast<uint16_t>(message), trust};
}

}  // namespace

void capture_vector_in(Returned& call, size_t i) {
  put_vector(place_of(call, i, 0, call.trust()), static_cast<const iovec*>(call.pointer(i)),
             call.words[i + 1], Way::Sent, moved_by(call));
}

void capture_vector_out(Returned& call, size_t i) {
  const auto* vector = static_cast<const iovec*>(call.pointer(i));
  const Place place = place_of(call, i, 0, call.trust_of_request());
  if (call.failed) return put_array(place, vector, std::min(call.words[i + 1], kMaxVectors));
  put_vector(place, vector, call.words[i + 1], Way::Received, moved_by(call));
}

void capture_message_in(Returned& call, size_t i) {
  msghdr message;
  if (call.pointer(i) == nullptr) return;
  const Place place = place_of(call, i, 0, call.trust());
  place.put(BlobPart::Value, call.pointer(i), sizeof message, sizeof message);
  if (copy_from_program(&message, call.pointer(i), sizeof message, place.trust))
    put_message(place, message, kMaxSockaddr, Way::Sent, moved_by(call));
}

void capture_message_out(Returned& call, size_t i, int flags) {
  if (call.failed) return;
  msghdr message;
  memcpy(&message, call.pointer(i), sizeof message);
  forget_received(message);
  const Place place = place_of(call, i, 0, trust_of_received(flags));
  place.put(BlobPart::Value, call.pointer(i), sizeof message, sizeof message);
  put_message(place, message, call.length_before, Way::Received, moved_by(call));
}

void capture_messages_in(Returned& call, size_t i) {
  const auto* messages = static_cast<const mmsghdr*>(call.pointer(i));
  if (messages == nullptr) return;
  const uint64_t count = std::min(call.words[i + 1], kMaxMessages);
  const bool all_sent = count > 0 && count == moved_by(call);
  place_of(call, i, 0, all_sent ? Trust::Kernel : Trust::Nobody)
      .in_page(messages + count - 1, sizeof(mmsghdr))
      .put(BlobPart::Value, messages, count * sizeof(mmsghdr), count * sizeof(mmsghdr));
  for (uint64_t k = 0; k < count; ++k) {
    const bool sent = k < moved_by(call);
    const Place place = place_of(call, i, k, sent ? Trust::Kernel : Trust::Nobody);
    mmsghdr message;
    if (!copy_from_program(&message, messages + k, kMessageBytes, place.trust)) return;
    put_message(place, message.msg_hdr, kMaxSockaddr, Way::Sent, sent ? message.msg_len : 0);
  }
}

void capture_messages_out(Returned& call, size_t i, int flags) {
  if (call.failed) return;
  const auto* messages = static_cast<const mmsghdr*>(call.pointer(i));
  const uint64_t count = std::min(moved_by(call), kMaxMessages);
  place_of(call, i, 0, Trust::Kernel)
      .in_page(messages + count - 1, sizeof(mmsghdr))
      .put(BlobPart::Value, messages, count * sizeof(mmsghdr), count * sizeof(mmsghdr));
  for (uint64_t k = 0; k < count; ++k) {
    mmsghdr message;
    memcpy(&message, messages + k, kMessageBytes);
    forget_received(message.msg_hdr);
    put_message(place_of(call, i, k, trust_of_received(flags)), message.msg_hdr, kMaxSockaddr,
                Way::Received, message.msg_len);
  }
}

uint32_t capture_name_length_before(OpenCall& call, const Words& words, size_t i) {
  const auto* message = reinterpret_cast<const std::byte*>(words[i]);
  uint32_t length = 0;
  if (message == nullptr ||
      !safe_copy(&length, message + offsetof(msghdr, msg_namelen), sizeof length))
    return 0;
  write_blob(call, {static_cast<uint8_t>(i), BlobPart::Before, 0, sizeof length, sizeof length},
             &length, Trust::Kernel);
  return length;
}

void capture_message_lengths_before(OpenCall& call, const Words& words, size_t i) {
  const auto* messages = reinterpret_cast<const std::byte*>(words[i]);
  const auto count = static_cast<uint32_t>(std::min(words[i + 1], kMaxMessages));
  if (messages == nullptr) return;
  const auto size = static_cast<uint32_t>(count * sizeof(uint32_t));
  BlobWriter blob(call, {static_cast<uint8_t>(i), BlobPart::Before, 0, size, size});
  const std::byte* next = messages + offsetof(msghdr, msg_namelen);
  for (size_t left = count; left > 0;) {
    uint32_t lengths[kMostPieces];
    const size_t pieces = std::min(left, kMostPieces);
    if (safe_copy_pieces(lengths, next, sizeof *lengths, sizeof(mmsghdr), pieces))
      blob.write(lengths, pieces * sizeof *lengths, Trust::Kernel);
    else
      blob.write(nullptr, pieces * sizeof *lengths, Trust::Nobody);
    next += pieces * sizeof(mmsghdr);
    left -= pieces;
  }
}

}  // namespace wireseam
