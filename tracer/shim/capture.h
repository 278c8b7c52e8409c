// SPDX-License-Identifier: Apache-2.0
// What is recorded of a parameter, by its kind: the first of the three switches over ParameterKind
// (docs/trace-format.md lists the blobs). Reads the program's memory, never writes to it.
#pragma once

#include <errno.h>
#include <sys/epoll.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstdint>

#include "tracer/shim/blob_writer.h"
#include "tracer/shim/descriptors.h"
#include "tracer/trace/kinds.h"

namespace wireseam {

using Words = uint64_t[kMaxArguments];

// The buffers that a call is to fill, as they were named to the kernel: whoever named them may use
// that memory for something else during the call.
struct NamedBuffers {
  static constexpr size_t kMost = 16;  // of more, the rest is read again after the call
  const void* name;
  const void* control;
  const iovec* vector;
  uint64_t count;
  size_t known;  // of the items; 0: nothing was noted, all is as it was
  iovec items[kMost];
};

enum class Polled : uint8_t { Unknown, Sockets, Others };

// What was noted before a call for what is recorded after it.
struct Noted {
  uint32_t length = 0;  // what an "InOut" length said
  uint32_t given = 0;   // bit i: what parameter i points at has been recorded
  Polled polled = Polled::Unknown;
  NamedBuffers* buffers = nullptr;  // nullptr: the call has none, or nobody can change them
};

// A call that has returned, while what it moved is recorded; or one that is yet to be made, which
// is told as a failure without an error, while what it is given is recorded.
struct Returned {
  OpenCall& call;
  const Words& words;
  int64_t result;
  bool failed;
  const Noted& noted;
  int error;
  Trust if_failed = Trust::Nobody;

  Trust trust() const { return failed ? if_failed : trust_in_kernel(); }

  // What the kernel reads before it tries: it was there, also where there was nothing to do then.
  Trust trust_of_request() const {
    const bool was_read = !failed || error == EAGAIN || error == EINTR;
    return was_read ? trust_in_kernel() : if_failed;
  }
  const void* pointer(size_t i) const { return reinterpret_cast<const void*>(words[i]); }
  uint32_t count(size_t i) const { return static_cast<uint32_t>(words[i]); }
};

// Each takes the parameter's index; its length, if any, is the next parameter.
void capture_address_in(Returned& call, size_t i);
void capture_address_out(Returned& call, size_t i);
void capture_address_length_out(Returned& call, size_t i);  // the address is the one before
void capture_bytes_in(Returned& call, size_t i);
void capture_bytes_out(Returned& call, size_t i, int flags);
void capture_vector_in(Returned& call, size_t i);
void capture_vector_out(Returned& call, size_t i);
void capture_message_in(Returned& call, size_t i);
void capture_message_out(Returned& call, size_t i, int flags);
void capture_messages_in(Returned& call, size_t i);
void capture_messages_result(Returned& call, size_t i);  // of those that were recorded before
void capture_messages_out(Returned& call, size_t i, int flags);
void capture_option_in(Returned& call, size_t i);
void capture_option_out(Returned& call, size_t i);
void capture_fd_set(Returned& call, size_t i);
void capture_fixed(Returned& call, size_t i, size_t size);
void capture_array(Returned& call, size_t i, uint64_t count, size_t item_size);
void capture_epoll_event(Returned& call, size_t i);
void capture_epoll_events(Returned& call, size_t i);
void capture_fcntl_argument(Returned& call, size_t i);  // the operation is the parameter before it
void capture_ioctl_argument(Returned& call, size_t i);  // likewise
void capture_strings(OpenCall& call, const Words& words, size_t i);
void capture_string(OpenCall& call, const Words& words, size_t i, uint16_t index = 0);
void capture_environment(OpenCall& call, const Words& words, size_t i);
void capture_addrinfo_list(Returned& call, size_t i);
void capture_hostent(Returned& call, uint8_t parameter, const void* host);
void capture_hostent_at(Returned& call, size_t i);

// Before a call: what it will overwrite. Each returns the length read, 0 where there is none.
uint32_t capture_length_before(OpenCall& call, const Words& words, size_t i);
uint32_t capture_name_length_before(OpenCall& call, const Words& words, size_t i);
void note_vector(const Words& words, size_t i, NamedBuffers& buffers);
void note_message(const Words& words, size_t i, NamedBuffers& buffers);
void capture_message_lengths_before(OpenCall& call, const Words& words, size_t i);
void capture_messages_before(OpenCall& call, const Words& words, size_t i, Noted& noted);
void capture_polled(OpenCall& call, const Words& words, size_t i, Noted& noted);
void capture_before(OpenCall& call, const Words& words, size_t i, size_t size);

// The size of the fd_sets that select(2) with this nfds looks at.
size_t fd_set_bytes(const Words& words);

// Whether one of the descriptors that were waited for is a socket.
bool polls_socket(const Returned& call, size_t i);
bool selects_socket(const Words& words, size_t i);

// Whether all that such a parameter names is certainly there before the call.
bool is_vector_there(const Words& words, size_t i);
bool is_message_there(const Words& words, size_t i);

inline constexpr size_t kTimeSize = 16;
inline constexpr size_t kMaxOption = 1024;
inline constexpr uint64_t kMaxMoved = 0x7ffff000;  // the kernel's MAX_RW_COUNT

// How many bytes of a buffer that the program gives are recorded.
inline uint64_t stored_of(uint64_t length) {
  return std::min<uint64_t>({length, shim.payload_limit, kMaxMoved});
}

// The same of a call's first argument: what goes through a netlink socket is taken apart by whoever
// reads the trace, so more of it is kept, unless the user wants next to nothing.
inline uint64_t stored_of(uint64_t fd, uint64_t length) {
  constexpr uint32_t kUsualPayload = 32;
  constexpr uint64_t kMostOfNetlink = 32768;  // what libnetlink receives at once
  if (shim.payload_limit < kUsualPayload || !is_known_netlink(fd)) return stored_of(length);
  return std::max(stored_of(length), std::min(length, kMostOfNetlink));
}

// Kinds that the kernel reads and never writes. FcntlArgument and IoctlArgument are what their
// operation makes of them.
constexpr bool is_given(ParameterKind kind) {
  using enum ParameterKind;
  return kind == AddressIn || kind == BytesIn || kind == VectorIn || kind == MessageIn ||
         kind == OptionIn || kind == TimespecIn || kind == SignalSet || kind == EpollEventIn ||
         kind == String || kind == AddrinfoHints;
}

bool sets_by_fcntl(const Words& words);
bool sets_by_ioctl(const Words& words);

// Whether all that such a parameter names is certainly there, where nobody else can touch it.
template <ParameterKind kind>
inline bool is_there_before_call(const Words& words, size_t i) {
  using enum ParameterKind;
  [[maybe_unused]] const auto* pointer = reinterpret_cast<const void*>(words[i]);
  if constexpr (kind == BytesIn)
    return is_certainly_there(pointer, stored_of(words[0], words[i + 1]), Trust::Caller);
  if constexpr (kind == AddressIn)
    return is_certainly_there(pointer,
                              std::min<size_t>(static_cast<uint32_t>(words[i + 1]), kMaxSockaddr),
                              Trust::Caller);
  if constexpr (kind == VectorIn) return is_vector_there(words, i);
  if constexpr (kind == MessageIn) return is_message_there(words, i);
  return false;
}

// Whether to look at it with care costs next to nothing beside the call itself. The size of an
// option says nothing of what the kernel reads.
template <ParameterKind kind>
inline bool is_cheap_before_call(const Words& words, size_t i) {
  constexpr uint64_t kManyBytes = 1 << 16;
  return kind == ParameterKind::OptionIn ||
         (kind == ParameterKind::BytesIn && words[i + 1] >= kManyBytes);
}

template <ParameterKind kind>
inline void capture_after_call(Returned& call, size_t i, int flags);

// What the kernel reads is recorded before the call wherever somebody else may change it or take it
// away as soon as the kernel is done with it, which is before the call has returned. Elsewhere,
// where that costs nothing, so that a call that never returns shows what it was given.
template <ParameterKind kind>
inline void capture_given(OpenCall& call, const Words& words, size_t i, Noted& noted) {
  using enum ParameterKind;
  if constexpr (kind == FcntlArgument) {
    if (!sets_by_fcntl(words)) return;
  } else if constexpr (kind == IoctlArgument) {
    if (!sets_by_ioctl(words)) return;
  } else if constexpr (!is_given(kind)) {
    return;
  }
  Trust trust = Trust::Caller;
  if (!others_reach_memory()) {
    if (is_there_before_call<kind>(words, i))
      trust = Trust::Kernel;
    else if (!is_cheap_before_call<kind>(words, i))
      return;
  }
  Returned given{call, words, -1, true, noted, 0, trust};
  capture_after_call<kind>(given, i, 0);
  noted.given |= 1u << i;
}

template <ParameterKind kind>
inline void capture_before_call(OpenCall& call, const Words& words, size_t i, Noted& noted) {
  using enum ParameterKind;
  capture_given<kind>(call, words, i, noted);
  if constexpr (kind == AddressLengthInOut || kind == OptionLengthInOut)
    noted.length = capture_length_before(call, words, i);
  else if constexpr (kind == MessageOut)
    noted.length = capture_name_length_before(call, words, i);
  else if constexpr (kind == MessagesOut)
    capture_message_lengths_before(call, words, i);
  else if constexpr (kind == MessagesIn)
    capture_messages_before(call, words, i, noted);
  else if constexpr (kind == PollFds)
    capture_polled(call, words, i, noted);
  else if constexpr (kind == FdSet)
    capture_before(call, words, i, fd_set_bytes(words));
  else if constexpr (kind == TimevalInOut || kind == TimespecInOut)
    capture_before(call, words, i, kTimeSize);
  else if constexpr (kind == OffsetInOut)
    capture_before(call, words, i, sizeof(int64_t));
}

// `flags` are the call's MSG_ flags, 0 where it has none. What was recorded before is left alone.
template <ParameterKind kind>
// A switch over a table may be long. NOLINTNEXTLINE(readability-function-size)
inline void capture_after_call(Returned& call, size_t i, int flags) {
  using enum ParameterKind;
  if ((call.noted.given >> i & 1) != 0) {
    if constexpr (kind == MessagesIn) capture_messages_result(call, i);
    return;
  }
  switch (kind) {
    case Int:
    case Unsigned:
    case Size:
    case Offset:
    case Address:
    case Fd:
    case DirectoryFd:
    case Stream:
    case SocketDomain:
    case SocketType:
    case SocketProtocol:
    case SocketFlags:
    case ShutdownHow:
    case MessageFlags:
    case OptionLevel:
    case OptionName:
    case OptionLength:
    case AddressLength:
    case ReadWriteFlags:
    case SpliceFlags:
    case OpenFlags:
    case CloseRangeFlags:
    case FcntlOperation:
    case IoctlOperation:
    case EpollFlags:
    case EpollOperation:
    case CloneFlags:
    case LoadFlags:
    case PathFlags:
      return;
    case FcntlArgument:
      return capture_fcntl_argument(call, i);
    case IoctlArgument:
      return capture_ioctl_argument(call, i);
    case AddressIn:
      return capture_address_in(call, i);
    case AddressOut:
      return capture_address_out(call, i);
    case AddressLengthInOut:
      return capture_address_length_out(call, i);
    case OptionLengthInOut:
      if (!call.failed) capture_fixed(call, i, sizeof(uint32_t));
      return;
    case BytesIn:
      return capture_bytes_in(call, i);
    case BytesOut:
      return capture_bytes_out(call, i, flags);
    case VectorIn:
      return capture_vector_in(call, i);
    case VectorOut:
      return capture_vector_out(call, i);
    case MessageIn:
      return capture_message_in(call, i);
    case MessageOut:
      return capture_message_out(call, i, flags);
    case MessagesIn:
      return capture_messages_in(call, i);
    case MessagesOut:
      return capture_messages_out(call, i, flags);
    case OptionIn:
      return capture_option_in(call, i);
    case OptionOut:
      return capture_option_out(call, i);
    case FdPairOut:
      if (!call.failed) capture_fixed(call, i, 2 * sizeof(int));
      return;
    case PollFds:
      return capture_array(call, i, call.count(i + 1), 8);
    case FdSet:
      return capture_fd_set(call, i);
    case TimevalInOut:
    case TimespecInOut:
      if (!call.failed) capture_fixed(call, i, kTimeSize);
      return;
    case TimespecIn:
      return capture_fixed(call, i, kTimeSize);
    case SignalSet:
      return capture_fixed(call, i, sizeof(uint64_t));
    case EpollEventIn:
      return capture_epoll_event(call, i);
    case EpollEventsOut:
      if (!call.failed) capture_epoll_events(call, i);
      return;
    case OffsetInOut:
      if (!call.failed) capture_fixed(call, i, sizeof(int64_t));
      return;
    case String:
      return capture_string(call.call, call.words, i);
    case Strings:
      return capture_strings(call.call, call.words, i);
    case Environment:
      return capture_environment(call.call, call.words, i);
    case AddrinfoHints:
      return capture_fixed(call, i, 48);
    case AddrinfoOut:
      if (!call.failed) capture_addrinfo_list(call, i);
      return;
    case HostentOut:
      if (!call.failed) capture_hostent_at(call, i);
      return;
    case PidOut:
      if (!call.failed) capture_fixed(call, i, sizeof(int32_t));
      return;
  }
}

}  // namespace wireseam
