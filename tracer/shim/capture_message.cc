// SPDX-License-Identifier: Apache-2.0
// Recording of iovecs and of message headers (sendmsg(2), recvmmsg(2)): each buffer is a blob of
// its own, in the order of the iovec array. The kernel copies headers and arrays when the call
// begins, so it goes by what was there then.
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

  void put_unreadable(BlobPart part) const {
    write_blob(call, {parameter, part, message, 0, kUnreadable}, nullptr, Trust::Kernel);
  }

  // For memory of which the kernel may have touched only a part: that says of one page that it is
  // there, and nothing of the next.
  Place in_page(const void* source, size_t size) const {
    return {call, parameter, message, trust_where(in_one_page(source, size))};
  }

  // Where the kernel has not touched it, its word is worth nothing.
  Trust trust_where(bool was_touched) const {
    return was_touched || trust != Trust::Kernel ? trust : Trust::Nobody;
  }
};

// What a vector's buffers were for. Sent buffers are shown whole, and the kernel has read the first
// `moved` bytes of them; of received ones `moved` bytes were written.
enum class Way : uint8_t { Sent, Received };

void put_array(const Place& place, const iovec* vector, uint64_t count) {
  place.put(BlobPart::Vector, vector, count * sizeof(iovec), count * sizeof(iovec));
}

// An array of iovecs, where it is and what was noted of it before the call.
struct Vector {
  const iovec* items;
  uint64_t count;
  const NamedBuffers* noted = nullptr;

  bool is_noted() const { return noted != nullptr && noted->known == count; }

  bool read(uint64_t k, iovec& item, Trust trust) const {
    if (noted == nullptr || k >= noted->known)
      return copy_from_program(&item, items + k, sizeof item, trust);
    item = noted->items[k];
    return true;
  }
};

Vector vector_of(const iovec* items, uint64_t count, const NamedBuffers* noted = nullptr) {
  return {items, std::min(count, kMaxVectors), noted};
}

void put_array(const Place& place, const Vector& vector) {
  if (!vector.is_noted()) return put_array(place, vector.items, vector.count);
  const Place noted{place.call, place.parameter, place.message, Trust::Kernel};
  put_array(noted, vector.noted->items, vector.count);
}

// What is recorded of a buffer.
struct Shown {
  uint64_t stored;
  uint64_t length;
  Trust trust;
};

Shown shown_of(const Place& place, const iovec& buffer, Way way, uint64_t touched) {
  const uint64_t length = way == Way::Sent ? buffer.iov_len : touched;
  const uint64_t stored = stored_of(place.call.argument(0), length);
  return {stored, length, place.trust_where(stored <= touched)};
}

// Those that must be read with care are read together, as far as they find room beside the call.
class Buffers {
 public:
  explicit Buffers(const Place& place) : place_(place) {}
  ~Buffers() { copy(); }

  void put(const void* source, const Shown& shown) {
    const BlobHeader blob{place_.parameter, BlobPart::Buffer, place_.message,
                          static_cast<uint32_t>(shown.stored), std::min(shown.length, kMaxTotal)};
    if (source == nullptr) return;
    BlobWriter writer(place_.call, blob);
    if (shown.trust == Trust::Kernel || writer.place() == nullptr)
      return writer.write(source, shown.stored, shown.trust);
    pieces_[count_] = {writer.place(), source, shown.stored};
    if (++count_ == kPiecesAtOnce) copy();
  }

 private:
  void copy() {
    const uint32_t copied =
        count_ == 0 ? 0 : safe_copy_each(pieces_, count_, place_.trust_where(false));
    for (size_t i = 0; i < count_; ++i)
      if ((copied >> i & 1) == 0) mark_unreadable(pieces_[i].target);
    count_ = 0;
  }

  const Place& place_;
  Piece pieces_[kPiecesAtOnce];
  size_t count_ = 0;
};

void put_vector(const Place& place, const Vector& vector, Way way, uint64_t moved) {
  if (vector.items == nullptr) return;
  Vector known = vector;
  NamedBuffers read;
  if (vector.noted == nullptr && vector.count <= NamedBuffers::kMost) {
    read.known = vector.count;
    if (!copy_from_program(read.items, vector.items, vector.count * sizeof(iovec), place.trust))
      return place.put_unreadable(BlobPart::Vector);
    known.noted = &read;
  }
  put_array(place, known);
  Buffers buffers(place);
  for (uint64_t k = 0; k < known.count; ++k) {
    iovec item;
    if (!known.read(k, item, place.trust)) return;
    const uint64_t touched = std::min<uint64_t>(item.iov_len, moved);
    buffers.put(item.iov_base, shown_of(place, item, way, touched));
    moved -= touched;
  }
}

void put_message(const Place& place, const msghdr& message, const NamedBuffers* noted,
                 size_t name_room, Way way, uint64_t moved) {
  const size_t name = std::min<size_t>({message.msg_namelen, name_room, kMaxSockaddr});
  place.in_page(message.msg_name, name)
      .put(BlobPart::Name, message.msg_name, name, message.msg_namelen);
  put_vector(place, vector_of(message.msg_iov, message.msg_iovlen, noted), way, moved);
  // Its length counts padding that the kernel did not write.
  const size_t control = std::min(message.msg_controllen, kMaxControl);
  place.in_page(message.msg_control, control)
      .put(BlobPart::Control, message.msg_control, control, message.msg_controllen);
}

// Descriptors that came along (SCM_RIGHTS) have numbers whose past is another one's.
void forget_received(const msghdr& message) {
  const auto* next = static_cast<const std::byte*>(message.msg_control);
  size_t left = next == nullptr ? 0 : message.msg_controllen;
  while (left >= sizeof(cmsghdr)) {
    cmsghdr item;
    if (!copy_from_program(&item, next, sizeof item, trust_in_kernel())) return;
    if (item.cmsg_len < sizeof item || item.cmsg_len > left) return;
    const size_t count = (item.cmsg_len - CMSG_LEN(0)) / sizeof(int);
    const bool brings = item.cmsg_level == SOL_SOCKET && item.cmsg_type == SCM_RIGHTS;
    for (size_t k = 0; brings && k < count; ++k) {
      int fd = -1;
      if (!copy_from_program(&fd, next + CMSG_LEN(0) + k * sizeof fd, sizeof fd, trust_in_kernel()))
        return;
      set_descriptor_kind(fd, DescriptorKind::Unknown);
    }
    const size_t step = std::min<size_t>(CMSG_ALIGN(item.cmsg_len), left);
    next += step;
    left -= step;
  }
}

Trust trust_of_received(int flags) {
  return (flags & MSG_TRUNC) != 0 ? Trust::Nobody : trust_in_kernel();
}

// A count is 32 bits to the kernel, also where it is an int.
Vector given_vector(const Words& words, size_t i) {
  return vector_of(reinterpret_cast<const iovec*>(words[i]), static_cast<uint32_t>(words[i + 1]));
}

bool is_there_or_null(const void* pointer, size_t size) {
  return pointer == nullptr || size == 0 || is_certainly_there(pointer, size, Trust::Caller);
}

bool is_vector_there(uint64_t fd, const Vector& vector) {
  if (!is_there_or_null(vector.items, vector.count * sizeof(iovec))) return false;
  for (uint64_t k = 0; vector.items != nullptr && k < vector.count; ++k)
    if (!is_there_or_null(vector.items[k].iov_base, stored_of(fd, vector.items[k].iov_len)))
      return false;
  return true;
}

bool is_message_there(uint64_t fd, const msghdr& message) {
  return is_there_or_null(message.msg_name, std::min<size_t>(message.msg_namelen, kMaxSockaddr)) &&
         is_there_or_null(message.msg_control, std::min(message.msg_controllen, kMaxControl)) &&
         is_vector_there(fd, vector_of(message.msg_iov, message.msg_iovlen));
}

bool are_messages_there(uint64_t fd, const mmsghdr* messages, uint64_t count) {
  if (!is_there_or_null(messages, count * sizeof *messages)) return false;
  for (uint64_t k = 0; k < count; ++k)
    if (!is_message_there(fd, messages[k].msg_hdr)) return false;
  return true;
}

// Of an array that is longer, its beginning.
void note_items(const iovec* vector, uint64_t count, NamedBuffers& buffers) {
  buffers.vector = vector;
  buffers.count = count;
  buffers.known = std::min<uint64_t>(count, NamedBuffers::kMost);
  if (vector == nullptr ||
      !safe_copy(buffers.items, vector, buffers.known * sizeof *vector, Trust::Caller))
    buffers.known = 0;
}

// Up to the first that can't be read.
template <typename Visit>
void each_header(const mmsghdr* messages, uint64_t count, Trust trust, Visit visit) {
  for (uint64_t k = 0; k < count;) {
    mmsghdr some[kPiecesAtOnce];
    size_t size = std::min<uint64_t>(count - k, kPiecesAtOnce);
    const auto copy = [&] {
      const size_t bytes = (size - 1) * sizeof *some + kMessageBytes;
      return copy_from_program(some, messages + k, bytes, trust);
    };
    if (!copy()) {
      size = 1;
      if (!copy()) return;
    }
    for (size_t i = 0; i < size; ++i) visit(k + i, some[i]);
    k += size;
  }
}

// How many of an array's messages there are for us: those that can be read, since of a huge one the
// kernel looks at no more than it needs.
uint64_t readable_messages(const void* messages, uint32_t given) {
  const auto count = std::min<uint64_t>(given, kMaxMessages);
  constexpr uint64_t kFew = 64;
  const auto begin = reinterpret_cast<uintptr_t>(messages);
  if (count <= kFew || can_read_pages(begin, begin + count * sizeof(mmsghdr))) return count;
  uintptr_t end = begin;
  for (uintptr_t next = (begin / kPageSize + 1) * kPageSize; can_read_pages(end, next);
       next += kPageSize)
    end = next;
  return (end - begin) / sizeof(mmsghdr);
}

uint64_t moved_by(const Returned& call) {
  return call.failed ? 0 : static_cast<uint64_t>(call.result);
}

Place place_of(Returned& call, size_t i, uint64_t message, Trust trust) {
  return {call.call, static_cast<uint8_t>(i), static_cast<uint16_t>(message), trust};
}

}  // namespace

bool is_vector_there(const Words& words, size_t i) {
  return is_vector_there(words[0], given_vector(words, i));
}

bool is_message_there(const Words& words, size_t i) {
  const auto* message = reinterpret_cast<const msghdr*>(words[i]);
  return is_certainly_there(message, sizeof *message, Trust::Caller) &&
         is_message_there(words[0], *message);
}

void note_vector(const Words& words, size_t i, NamedBuffers& buffers) {
  const Vector vector = given_vector(words, i);
  note_items(vector.items, vector.count, buffers);
}

void note_message(const Words& words, size_t i, NamedBuffers& buffers) {
  msghdr message{};
  const auto* pointer = reinterpret_cast<const msghdr*>(words[i]);
  if (pointer != nullptr && !safe_copy(&message, pointer, sizeof message, Trust::Caller))
    message = {};
  buffers.name = message.msg_name;
  buffers.control = message.msg_control;
  note_items(message.msg_iov, std::min<uint64_t>(message.msg_iovlen, kMaxVectors), buffers);
}

void capture_vector_in(Returned& call, size_t i) {
  put_vector(place_of(call, i, 0, call.trust()), given_vector(call.words, i), Way::Sent,
             moved_by(call));
}

void capture_vector_out(Returned& call, size_t i) {
  Vector vector = given_vector(call.words, i);
  vector.noted = call.noted.buffers;
  const Place place = place_of(call, i, 0, call.trust_of_request());
  if (call.failed) return put_array(place, vector);
  put_vector(place, vector, Way::Received, moved_by(call));
}

void capture_message_in(Returned& call, size_t i) {
  msghdr message;
  if (call.pointer(i) == nullptr) return;
  const Place place = place_of(call, i, 0, call.trust());
  place.put(BlobPart::Value, call.pointer(i), sizeof message, sizeof message);
  if (copy_from_program(&message, call.pointer(i), sizeof message, place.trust))
    put_message(place, message, nullptr, kMaxSockaddr, Way::Sent, moved_by(call));
}

void capture_message_out(Returned& call, size_t i, int flags) {
  msghdr message;
  if (call.failed || !copy_from_program(&message, call.pointer(i), sizeof message, call.trust()))
    return;
  const NamedBuffers* named = call.noted.buffers;
  if (named != nullptr) {
    message.msg_name = const_cast<void*>(named->name);
    message.msg_control = const_cast<void*>(named->control);
    message.msg_iov = const_cast<iovec*>(named->vector);
    message.msg_iovlen = named->count;
  }
  forget_received(message);
  const Place place = place_of(call, i, 0, trust_of_received(flags));
  const Place own{place.call, place.parameter, place.message, Trust::Kernel};
  own.put(BlobPart::Value, &message, sizeof message, sizeof message);
  put_message(place, message, named, call.noted.length, Way::Received, moved_by(call));
}

void capture_messages_in(Returned& call, size_t i) {
  const auto* messages = static_cast<const mmsghdr*>(call.pointer(i));
  if (messages == nullptr) return;
  const uint64_t count = readable_messages(messages, call.count(i + 1));
  const bool all_sent = count > 0 && count == moved_by(call);
  place_of(call, i, 0, all_sent ? trust_in_kernel() : Trust::Nobody)
      .in_page(messages + count - 1, sizeof(mmsghdr))
      .put(BlobPart::Value, messages, count * sizeof(mmsghdr), count * sizeof(mmsghdr));
  for (uint64_t k = 0; k < count; ++k) {
    const bool sent = k < moved_by(call);
    const Place place = place_of(call, i, k, sent ? trust_in_kernel() : Trust::Nobody);
    mmsghdr message;
    if (!copy_from_program(&message, messages + k, kMessageBytes, place.trust)) return;
    put_message(place, message.msg_hdr, nullptr, kMaxSockaddr, Way::Sent,
                sent ? message.msg_len : 0);
  }
}

void capture_messages_result(Returned& call, size_t i) {
  if (call.failed) return;
  const uint64_t size = readable_messages(call.pointer(i), call.count(i + 1)) * sizeof(mmsghdr);
  place_of(call, i, 0, Trust::Nobody).put(BlobPart::Value, call.pointer(i), size, size);
}

void capture_messages_before(OpenCall& call, const Words& words, size_t i, Noted& noted) {
  const auto* messages = reinterpret_cast<const mmsghdr*>(words[i]);
  if (messages == nullptr) return;
  const uint64_t count = readable_messages(messages, static_cast<uint32_t>(words[i + 1]));
  if (!others_reach_memory() && !are_messages_there(words[0], messages, count)) return;
  const auto place = [&](uint64_t k) {
    return Place{call, static_cast<uint8_t>(i), static_cast<uint16_t>(k), Trust::Caller};
  };
  place(0).put(BlobPart::Given, messages, count * sizeof(mmsghdr), count * sizeof(mmsghdr));
  each_header(messages, count, Trust::Caller, [&](uint64_t k, const mmsghdr& message) {
    put_message(place(k), message.msg_hdr, nullptr, kMaxSockaddr, Way::Sent, 0);
  });
  noted.given |= 1u << i;
}

void capture_messages_out(Returned& call, size_t i, int flags) {
  if (call.failed) return;
  const auto* messages = static_cast<const mmsghdr*>(call.pointer(i));
  const uint64_t count = std::min(moved_by(call), kMaxMessages);
  place_of(call, i, 0, call.trust())
      .in_page(messages + count - 1, sizeof(mmsghdr))
      .put(BlobPart::Value, messages, count * sizeof(mmsghdr), count * sizeof(mmsghdr));
  each_header(messages, count, call.trust(), [&](uint64_t k, const mmsghdr& message) {
    forget_received(message.msg_hdr);
    put_message(place_of(call, i, k, trust_of_received(flags)), message.msg_hdr, nullptr,
                kMaxSockaddr, Way::Received, message.msg_len);
  });
}

uint32_t capture_name_length_before(OpenCall& call, const Words& words, size_t i) {
  const auto* message = reinterpret_cast<const std::byte*>(words[i]);
  uint32_t length = 0;
  if (message == nullptr ||
      !safe_copy(&length, message + offsetof(msghdr, msg_namelen), sizeof length, Trust::Caller))
    return 0;
  write_blob(call, {static_cast<uint8_t>(i), BlobPart::Before, 0, sizeof length, sizeof length},
             &length, Trust::Kernel);
  return length;
}

void capture_message_lengths_before(OpenCall& call, const Words& words, size_t i) {
  const auto* messages = reinterpret_cast<const std::byte*>(words[i]);
  if (messages == nullptr) return;
  const uint64_t count = readable_messages(messages, static_cast<uint32_t>(words[i + 1]));
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
