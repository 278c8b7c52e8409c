// SPDX-License-Identifier: Apache-2.0
// The one hook: every row of calls.def is an instance of it. It takes the row's parameters apart,
// makes the call exactly as the program asked for it, and only then looks at what was moved.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <type_traits>
#include <utility>

#include "tracer/shim/capture.h"
#include "tracer/shim/identity.h"
#include "tracer/shim/own_memory.h"
#include "tracer/trace/kinds.h"

namespace wireseam {

template <typename Value>
inline uint64_t to_word(Value value) {
  if constexpr (std::is_pointer_v<Value>)
    return reinterpret_cast<uint64_t>(value);
  else
    return static_cast<uint64_t>(static_cast<int64_t>(value));
}

// The kernel looks at 32 bits of a descriptor, a flag, an option or a count, however long a word
// the program gives: poll(2)'s nfds, or anything through syscall(2).
constexpr uint64_t as_kernel_takes(ParameterKind kind, uint64_t word) {
  using enum ParameterKind;
  if (kind > EpollOperation || kind == Size || kind == Offset || kind == Address ||
      kind == FcntlArgument || kind == IoctlArgument)
    return word;
  if (kind == Unsigned || kind == IoctlOperation) return static_cast<uint32_t>(word);
  return static_cast<uint64_t>(int64_t{static_cast<int32_t>(word)});
}

template <ResultKind kind, typename Result>
inline bool is_failure(Result result) {
  if constexpr (kind == ResultKind::Pointer || kind == ResultKind::Hostent)
    return result == nullptr;
  else if constexpr (kind == ResultKind::AddrinfoStatus || kind == ResultKind::SpawnStatus)
    return result != 0;
  else
    return result == -1;
}

// A row: which call, when it concerns us, what its result and its parameters are.
template <CallNumber number, Traced traced, ResultKind result_kind, ParameterKind... kinds>
class Hook {
 public:
  template <typename Function, typename... Arguments>
  static auto call(uint16_t flags, const void* caller, Function function, Arguments... arguments) {
    Words words = {as_kernel_takes(kinds, to_word(arguments))...};
    if (!concerns_us(words)) return unrecorded(words, function, arguments...);
    if constexpr (result_kind == ResultKind::Closed) return closing(flags, caller, words, function);
    OpenCall open(number, flags, caller, words);
    if (!open) return unrecorded(words, function, arguments...);
    Noted noted;
    [[maybe_unused]] Buffers buffers;
    if constexpr (kFillsBuffers) note_buffers(words, noted, buffers);
    before(open, words, noted, std::index_sequence_for<Arguments...>{});
    const auto result = function(arguments...);
    finish(open, words, result, noted);
    return result;
  }

 private:
  static constexpr std::array<ParameterKind, kMaxArguments> kKinds{kinds...};
  static constexpr size_t kCount = sizeof...(kinds);

  static constexpr bool has(ParameterKind kind) { return ((kinds == kind) || ...); }

  static constexpr bool is_descriptor(ParameterKind kind) {
    return kind == ParameterKind::Fd || kind == ParameterKind::Stream;
  }

  static constexpr bool kFillsBuffers =
      has(ParameterKind::VectorOut) || has(ParameterKind::MessageOut);
  struct Nothing {};
  using Buffers = std::conditional_t<kFillsBuffers, NamedBuffers, Nothing>;

  static void note_buffers(const Words& words, Noted& noted, NamedBuffers& buffers) {
    if (!others_reach_memory()) return;
    noted.buffers = &buffers;
    if constexpr (has(ParameterKind::VectorOut))
      note_vector(words, index_of(ParameterKind::VectorOut), buffers);
    else
      note_message(words, index_of(ParameterKind::MessageOut), buffers);
  }

  static bool concerns_us(const Words& words) {
    if constexpr (traced == Traced::IfSocket && (is_descriptor(kinds) || ...)) {
      for (size_t i = 0; i < kCount; ++i)
        if (is_descriptor(kKinds[i]) && is_socket(static_cast<int>(words[i]))) return true;
      return false;
    } else if constexpr (traced == Traced::IfSocket && has(ParameterKind::FdSet)) {
      for (size_t i = 0; i < kCount; ++i)
        if (kKinds[i] == ParameterKind::FdSet && selects_socket(words, i)) return true;
      return false;
    }
    return true;
  }

  template <typename Function, typename... Arguments>
  static auto unrecorded(const Words& words, Function function, Arguments... arguments) {
    if constexpr (result_kind == ResultKind::Closed)
      set_descriptor_kind(static_cast<int>(words[0]), DescriptorKind::Unknown);
    const auto result = function(arguments...);
    learn(words, static_cast<int64_t>(to_word(result)), is_failure<result_kind>(result));
    return result;
  }

  // Another thread may be given the number again before this one is back, so it is forgotten first;
  // a socket that was not met yet cannot be asked afterwards.
  template <typename Function>
  static auto closing(uint16_t flags, const void* caller, Words& words, Function function) {
    const int fd = static_cast<int>(words[0]);
    OpenCall open(number, flags, caller, words);
    if (open && descriptor_kind(fd) == DescriptorKind::Unmet)
      record_identity(open, fd, IdentityPart::NamesAndKind);
    if (open) record_unread(open, fd);
    set_descriptor_kind(fd, DescriptorKind::Unknown);
    const auto result = function(fd);
    if (open && open.returned(result, result == -1 ? errno : 0)) open.commit();
    return result;
  }

  template <size_t... i>
  static void before(OpenCall& open, const Words& words, Noted& noted, std::index_sequence<i...>) {
    (capture_before_call<kKinds[i]>(open, words, i, noted), ...);
  }

  template <typename Result>
  static void finish(OpenCall& open, const Words& words, Result result, const Noted& noted) {
    const bool failed = is_failure<result_kind>(result);
    const int error = failed ? error_of(result) : 0;
    const auto word = static_cast<int64_t>(to_word(result));
    const bool is_ours = open.returned(word, error);
    learn(words, word, failed);
    if (!is_ours) return;
    Returned returned{open, words, word, failed, noted, error};
    if (was_for_no_socket(returned)) return open.discard();
    capture(returned, std::make_index_sequence<kCount>{});
    meet(returned, error);
    open.commit();
  }

  template <typename Result>
  static int error_of(Result result) {
    if constexpr (result_kind == ResultKind::SpawnStatus) return static_cast<int>(result);
    if constexpr (result_kind == ResultKind::AddrinfoStatus) return result == -11 ? errno : 0;
    return errno;
  }

  // poll names its descriptors in memory, which may be looked at for nothing only now.
  static bool was_for_no_socket(const Returned& call) {
    if constexpr (has(ParameterKind::PollFds))
      return call.noted.polled == Polled::Unknown ? !polls_socket(call, 0)
                                                  : call.noted.polled == Polled::Others;
    return false;
  }

  template <size_t... i>
  static void capture(Returned& call, std::index_sequence<i...>) {
    const int flags = message_flags(call.words);
    (capture_after_call<kKinds[i]>(call, i, flags), ...);
  }

  static constexpr size_t index_of(ParameterKind kind) {
    size_t i = 0;
    while (i < kCount && kKinds[i] != kind) ++i;
    return i;
  }

  static int message_flags(const Words& words) {
    constexpr size_t kIndex = index_of(ParameterKind::MessageFlags);
    if constexpr (kIndex < kCount) return static_cast<int>(words[kIndex]);
    return 0;
  }

  // What the call taught about descriptors.
  static void learn(const Words& words, int64_t result, bool failed) {
    if (failed) return;
    const int fd = static_cast<int>(result);
    if constexpr (result_kind == ResultKind::NewSocket) {
      const bool is_netlink = number == CallNumber::socket && words[0] == AF_NETLINK;
      set_descriptor_kind(fd, is_netlink ? DescriptorKind::Netlink : DescriptorKind::Socket);
    }
    if constexpr (result_kind == ResultKind::NewFd) set_descriptor_kind(fd, DescriptorKind::Other);
    if constexpr (result_kind == ResultKind::Duplicate)
      set_descriptor_kind(fd, descriptor_kind(static_cast<int>(words[0])));
    if constexpr (number == CallNumber::close_range) forget_range(words);
    if constexpr (number == CallNumber::fcntl)
      if (words[1] == F_DUPFD || words[1] == F_DUPFD_CLOEXEC)
        set_descriptor_kind(fd, descriptor_kind(static_cast<int>(words[0])));
  }

  static void forget_range(const Words& words) {
    constexpr uint64_t kUnshare = 2;  // CLOSE_RANGE_UNSHARE
    if ((words[2] & kUnshare) != 0 && may_have_threads()) part_files_tables();
    forget_descriptors(static_cast<unsigned>(words[0]), static_cast<unsigned>(words[1]));
  }

  // Records who the sockets are that the call made or named, and those seen for the first time.
  static void meet(Returned& call, int error) {
    const int fd = static_cast<int>(call.words[0]);
    if constexpr (number == CallNumber::socket) {
      if (!call.failed)
        record_new_socket(call.call, static_cast<int>(call.result), fd,
                          static_cast<int>(call.words[1]), static_cast<int>(call.words[2]));
    } else if constexpr (number == CallNumber::socketpair) {
      if (!call.failed) meet_pair(call);
    } else if constexpr (result_kind == ResultKind::NewSocket) {
      // A listener of MPTCP accepts plain TCP, too.
      if (!call.failed)
        record_identity(call.call, static_cast<int>(call.result), IdentityPart::NamesAndProtocol);
      meet_unmet(call);
    } else if constexpr (number == CallNumber::bind || number == CallNumber::listen ||
                         number == CallNumber::connect) {
      if (!call.failed || error == EINPROGRESS) meet_named(call, fd);
    } else if constexpr (has(ParameterKind::Fd) && has(ParameterKind::MessageFlags)) {
      const bool connects = (message_flags(call.words) & MSG_FASTOPEN) != 0;
      if (connects && (!call.failed || error == EINPROGRESS)) return meet_named(call, fd);
      if (!call.failed || error == EAGAIN || error == EINTR) meet_unmet(call);
    } else if constexpr (has(ParameterKind::Fd)) {
      if (!call.failed || error == EAGAIN || error == EINTR) meet_unmet(call);
    }
  }

  static void meet_named(Returned& call, int fd) {
    const bool unmet = descriptor_kind(fd) == DescriptorKind::Unmet;
    record_identity(call.call, fd, unmet ? IdentityPart::NamesAndKind : IdentityPart::Names);
    set_met(fd);
  }

  static void meet_pair(Returned& call) {
    int pair[2];
    if (!copy_from_program(pair, call.pointer(3), sizeof pair, call.trust())) return;
    for (const int fd : pair) {
      set_descriptor_kind(fd, DescriptorKind::Socket);
      record_new_socket(call.call, fd, static_cast<int>(call.words[0]),
                        static_cast<int>(call.words[1]), static_cast<int>(call.words[2]));
    }
  }

  static void meet_unmet(Returned& call) {
    for (size_t i = 0; i < kCount; ++i) {
      const int fd = static_cast<int>(call.words[i]);
      if (kKinds[i] != ParameterKind::Fd || descriptor_kind(fd) != DescriptorKind::Unmet) continue;
      record_identity(call.call, fd, IdentityPart::NamesAndKind);
      set_descriptor_kind(fd, DescriptorKind::Socket);
    }
  }
};

// The caller of the hook that this is written in.
#define WIRESEAM_CALLER __builtin_extract_return_addr(__builtin_return_address(0))

#define WIRESEAM_EXPORT extern "C" [[gnu::visibility("default")]]

}  // namespace wireseam
