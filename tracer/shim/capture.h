// SPDX-License-Identifier: Apache-2.0
// What is recorded of a parameter, by its kind: the first of the three switches over ParameterKind
// (docs/trace-format.md lists the blobs). Reads the program's memory, never writes to it.
#pragma once

#include <errno.h>

#include <cstdint>

#include "tracer/shim/blob_writer.h"
#include "tracer/shim/descriptors.h"
#include "tracer/trace/kinds.h"

namespace wireseam {

using Words = uint64_t[kMaxArguments];

// A call that has returned, while what it moved is recorded.
struct Returned {
  OpenCall& call;
  const Words& words;
  int64_t result;
  bool failed;
  uint32_t length_before;  // what an "InOut" length said before the call
  int error;

  Trust trust() const { return failed ? Trust::Nobody : Trust::Kernel; }

  // What the kernel reads before it tries: it was there, also where there was nothing to do then.
  Trust trust_of_request() const {
    const bool was_read = !failed || error == EAGAIN || error == EINTR;
    return was_read ? Trust::Kernel : Trust::Nobody;
  }
  const void* pointer(size_t i) const { return reinterpret_cast<const void*>(words[i]); }
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
void capture_messages_out(Returned& call, size_t i, int flags);
void capture_option_in(Returned& call, size_t i);
void capture_option_out(Returned& call, size_t i);
void capture_fd_set(Returned& call, size_t i);
void capture_fixed(Returned& call, size_t i, size_t size);
void capture_array(Returned& call, size_t i, uint64_t count, size_t item_size);
void capture_epoll_event(Returned& call, size_t i);
void capture_fcntl_argument(Returned& call, size_t i);  // the operation is the parameter before it
void capture_ioctl_argument(Returned& call, size_t i);  // likewise
void capture_strings(OpenCall& call, const Words& words, size_t i);
void capture_string(OpenCall& call, const Words& words, size_t i, uint16_t index = 0);
void capture_environment(OpenCall& call, const Words& words, size_t i);
void capture_addrinfo_list(Returned& call, size_t i);
void capture_hostent(Returned& call, uint8_t parameter, const void* host);

// Before a call: what it will overwrite. Each returns the length read, 0 where there is none.
uint32_t capture_length_before(OpenCall& call, const Words& words, size_t i);
uint32_t capture_name_length_before(OpenCall& call, const Words& words, size_t i);
void capture_message_lengths_before(OpenCall& call, const Words& words, size_t i);
void capture_before(OpenCall& call, const Words& words, size_t i, size_t size);

// The size of the fd_sets that select(2) with this nfds looks at.
size_t fd_set_bytes(const Words& words);

// Whether one of the descriptors that were waited for is a socket.
bool polls_socket(const Returned& call, size_t i);
bool selects_socket(const Words& words, size_t i);

inline constexpr size_t kTimeSize = 16;

// `length_before` is set by the kinds that have one.
template <ParameterKind kind>
inline void capture_before_call(OpenCall& call, const Words& words, size_t i,
                                uint32_t& length_before) {
  using enum ParameterKind;
  if constexpr (kind == AddressLengthInOut || kind == OptionLengthInOut)
    length_before = capture_length_before(call, words, i);
  else if constexpr (kind == MessageOut)
    length_before = capture_name_length_before(call, words, i);
  else if constexpr (kind == MessagesOut)
    capture_message_lengths_before(call, words, i);
  else if constexpr (kind == FdSet)
    capture_before(call, words, i, fd_set_bytes(words));
  else if constexpr (kind == TimevalInOut || kind == TimespecInOut)
    capture_before(call, words, i, kTimeSize);
  else if constexpr (kind == OffsetInOut)
    capture_before(call, words, i, sizeof(int64_t));
}

// `flags` are the call's MSG_ flags, 0 where it has none.
template <ParameterKind kind>
// A switch over a table may be long. NOLINTNEXTLINE(readability-function-size)
inline void capture_after_call(Returned& call, size_t i, int flags) {
  using enum ParameterKind;
  switch (kind) {
    case Int:
    case Unsigned:
    case Size:
    case Offset:
    case Address:
    case Fd:
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
      return capture_array(call, i, call.words[i + 1], 8);
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
      if (!call.failed) capture_array(call, i, static_cast<uint64_t>(call.result), 12);
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
      if (!call.failed)
        capture_hostent(call, static_cast<uint8_t>(i), *static_cast<void* const*>(call.pointer(i)));
      return;
    case PidOut:
      if (!call.failed) capture_fixed(call, i, sizeof(int32_t));
      return;
  }
}

}  // namespace wireseam
