// SPDX-License-Identifier: Apache-2.0
// Recording of the simpler kinds; capture_message.cc has iovecs and message headers.
#include "tracer/shim/capture.h"

#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include "tracer/shim/environment.h"
#include "tracer/shim/safe_copy.h"

namespace wireseam {
namespace {

constexpr uint64_t kMaxItems = 1024;
constexpr size_t kMaxString = 512;
constexpr int kMaxStrings = 32;
constexpr int kMaxAddresses = 64;
constexpr int64_t kMaxSelected = 8192;

uint8_t index_of(size_t i) { return static_cast<uint8_t>(i); }

void put(OpenCall& call, size_t i, BlobPart part, uint64_t stored, uint64_t total,
         const void* source, Trust trust) {
  const BlobHeader blob{index_of(i), part, 0, static_cast<uint32_t>(stored),
                        std::min(total, kMaxTotal)};
  write_blob(call, blob, source, trust);
}

}  // namespace

namespace {

// What the kernel has told of the length of parameter `i`.
bool read_length(const Returned& call, size_t i, uint32_t& length) {
  if (call.failed || call.pointer(i) == nullptr || call.pointer(i + 1) == nullptr) return false;
  return copy_from_program(&length, call.pointer(i + 1), sizeof length, call.trust());
}

}  // namespace

void capture_address_in(Returned& call, size_t i) {
  if (call.pointer(i) == nullptr) return;
  const auto length = static_cast<uint32_t>(call.words[i + 1]);
  put(call.call, i, BlobPart::Value, std::min<size_t>(length, kMaxSockaddr), length,
      call.pointer(i), call.trust());
}

void capture_address_out(Returned& call, size_t i) {
  uint32_t length = 0;
  if (!read_length(call, i, length)) return;
  const size_t stored = std::min<size_t>({length, call.noted.length, kMaxSockaddr});
  put(call.call, i, BlobPart::Value, stored, length, call.pointer(i), call.trust());
}

// The kernel leaves the length alone where nobody wants the address.
void capture_address_length_out(Returned& call, size_t i) {
  if (call.failed || call.pointer(i) == nullptr) return;
  const bool wanted = call.pointer(i - 1) != nullptr;
  put(call.call, i, BlobPart::Value, sizeof(uint32_t), sizeof(uint32_t), call.pointer(i),
      wanted ? call.trust() : Trust::Nobody);
}

// All that was offered, as strace prints it; what was not sent the kernel may not have looked at.
void capture_bytes_in(Returned& call, size_t i) {
  if (call.pointer(i) == nullptr) return;
  const uint64_t length = call.words[i + 1];
  const uint64_t stored = stored_of(call.words[0], length);
  const bool read = call.failed || stored <= static_cast<uint64_t>(call.result);
  put(call.call, i, BlobPart::Value, stored, length, call.pointer(i),
      read ? call.trust() : Trust::Nobody);
}

// MSG_TRUNC makes the result larger than the buffer (datagrams), or leaves the buffer alone (TCP).
void capture_bytes_out(Returned& call, size_t i, int flags) {
  if (call.failed || call.pointer(i) == nullptr) return;
  const uint64_t length = std::min(static_cast<uint64_t>(call.result), call.words[i + 1]);
  const uint64_t stored = stored_of(call.words[0], length);
  put(call.call, i, BlobPart::Value, stored, length, call.pointer(i),
      (flags & MSG_TRUNC) != 0 ? Trust::Nobody : call.trust());
}

// The kernel may look at fewer bytes of an option than the program says it has, or at none.
void capture_option_in(Returned& call, size_t i) {
  if (call.pointer(i) == nullptr) return;
  const auto length = static_cast<uint32_t>(call.words[i + 1]);
  put(call.call, i, BlobPart::Value, std::min<size_t>(length, kMaxOption), length, call.pointer(i),
      Trust::Nobody);
}

void capture_option_out(Returned& call, size_t i) {
  uint32_t length = 0;
  if (!read_length(call, i, length)) return;
  const bool there = length <= call.noted.length;
  put(call.call, i, BlobPart::Value, std::min<size_t>(length, kMaxOption), length, call.pointer(i),
      there ? call.trust() : Trust::Nobody);
}

// The kernel looks at no more descriptors than the process can have, whatever nfds says.
void capture_fd_set(Returned& call, size_t i) {
  const size_t size = fd_set_bytes(call.words);
  if (call.failed || call.pointer(i) == nullptr) return;
  put(call.call, i, BlobPart::Value, size, size, call.pointer(i), Trust::Nobody);
}

void capture_fixed(Returned& call, size_t i, size_t size) {
  if (call.pointer(i) == nullptr) return;
  put(call.call, i, BlobPart::Value, size, size, call.pointer(i), call.trust());
}

void capture_array(Returned& call, size_t i, uint64_t count, size_t item_size) {
  if (call.pointer(i) == nullptr) return;
  const uint64_t stored = std::min(count, kMaxItems) * item_size;
  put(call.call, i, BlobPart::Value, stored, count * item_size, call.pointer(i), call.trust());
}

namespace {

// Packed, as x86-64 has them, wherever this runs.
void write_epoll_events(BlobWriter& blob, const void* source, uint64_t count, Trust trust) {
  const auto* events = static_cast<const epoll_event*>(source);
  if constexpr (sizeof(epoll_event) == sizeof(TracedEpollEvent)) {
    blob.write(events, count * sizeof *events, trust);
  } else {
    for (uint64_t k = 0; k < count; ++k) {
      epoll_event event;
      const bool read = copy_from_program(&event, events + k, sizeof event, trust);
      const TracedEpollEvent packed{event.events, event.data.u64};
      blob.write(read ? &packed : nullptr, sizeof packed, read ? Trust::Kernel : Trust::Nobody);
    }
  }
}

}  // namespace

// EPOLL_CTL_DEL ignores its event, which may be anything.
void capture_epoll_event(Returned& call, size_t i) {
  const bool ignored = call.words[1] == EPOLL_CTL_DEL;
  if (ignored || call.pointer(i) == nullptr) return;
  BlobWriter blob(call.call, {index_of(i), BlobPart::Value, 0, sizeof(TracedEpollEvent),
                              sizeof(TracedEpollEvent)});
  write_epoll_events(blob, call.pointer(i), 1, call.trust());
}

void capture_epoll_events(Returned& call, size_t i) {
  if (call.pointer(i) == nullptr) return;
  const auto count = static_cast<uint64_t>(call.result);
  const uint64_t stored = std::min(count, kMaxItems);
  BlobWriter blob(call.call, {index_of(i), BlobPart::Value, 0,
                              static_cast<uint32_t>(stored * sizeof(TracedEpollEvent)),
                              count * sizeof(TracedEpollEvent)});
  write_epoll_events(blob, call.pointer(i), stored, call.trust());
}

bool sets_by_fcntl(const Words& words) {
  return words[1] == F_SETLK || words[1] == F_SETLKW || words[1] == F_OFD_SETLK ||
         words[1] == F_OFD_SETLKW || words[1] == F_SETOWN_EX;
}

bool sets_by_ioctl(const Words& words) {
  const auto request = static_cast<uint32_t>(words[1]);
  return request == FIONBIO || request == FIOASYNC || request == SIOCSPGRP || request == FIOSETOWN;
}

// fcntl(2): what each operation's third argument points at; the others take a number or nothing.
void capture_fcntl_argument(Returned& call, size_t i) {
  switch (static_cast<int>(call.words[i - 1])) {
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
      return capture_fixed(call, i, sizeof(flock));
    case F_GETOWN_EX:
    case F_SETOWN_EX:
      return capture_fixed(call, i, sizeof(f_owner_ex));
    default:
      return;
  }
}

// ioctl(2) on sockets (tcp(7), netdevice(7)): these numbers do not tell the size.
void capture_ioctl_argument(Returned& call, size_t i) {
  const auto request = static_cast<uint32_t>(call.words[i - 1]);
  if (call.pointer(i) == nullptr) return;
  if (sets_by_ioctl(call.words) || request == FIONREAD || request == TIOCOUTQ ||
      request == SIOCATMARK || request == SIOCGPGRP || request == FIOGETOWN)
    return capture_fixed(call, i, sizeof(int));
  constexpr uint64_t kFirstInterfaceRequest = 0x8910, kLastInterfaceRequest = 0x8970;
  if (request >= kFirstInterfaceRequest && request <= kLastInterfaceRequest)
    put(call.call, i, BlobPart::Value, sizeof(ifreq), sizeof(ifreq), call.pointer(i),
        Trust::Nobody);
}

void capture_string(OpenCall& call, const Words& words, size_t i, uint16_t index) {
  const auto* text = reinterpret_cast<const char*>(words[i]);
  if (text == nullptr) return;
  char copy[kMaxString];
  const long length = safe_copy_string(copy, text, sizeof copy);
  const auto stored = static_cast<uint32_t>(length);
  BlobHeader blob{index_of(i), BlobPart::Value, index, stored, stored};
  if (length >= 0) return write_blob(call, blob, copy, Trust::Kernel);
  blob.stored = sizeof text;
  blob.total = kUnreadable;
  write_blob(call, blob, &text, Trust::Kernel);
}

// A string that can't be read is told by its pointer, the place where the list can't be read by
// nothing, and what is left out by a string of which nothing is kept.
void capture_strings(OpenCall& call, const Words& words, size_t i) {
  const auto* list = reinterpret_cast<const char* const*>(words[i]);
  const auto mark = [&](uint16_t index, uint64_t total) {
    write_blob(call, {index_of(i), BlobPart::Value, index, 0, total}, nullptr, Trust::Kernel);
  };
  for (uint16_t index = 0; list != nullptr; ++index) {
    Words item{};
    if (!safe_copy(&item[i], list + index, sizeof item[i])) return mark(index, kUnreadable);
    if (item[i] == 0) return;
    if (index == kMaxStrings) return mark(index, 1);
    capture_string(call, item, i, index);
  }
}

void capture_environment(OpenCall& call, const Words& words, size_t i) {
  auto* const* list = reinterpret_cast<char* const*>(words[i]);
  if (list == nullptr) return;
  const Variables variables = count_variables(list);
  const uint32_t value[] = {variables.count, variables.whole ? 0u : 1u};
  if (variables.count == 0 && !variables.whole) return;
  put(call, i, BlobPart::Value, sizeof value, sizeof value, value, Trust::Kernel);
}

void capture_addrinfo_list(Returned& call, size_t i) {
  const addrinfo* next = nullptr;
  if (!copy_from_program(&next, call.pointer(i), sizeof(void*), call.trust())) return;
  for (uint16_t index = 0; next != nullptr && index < kMaxAddresses; ++index) {
    addrinfo item;
    if (!copy_from_program(&item, next, sizeof item, call.trust())) return;
    const int32_t head[4] = {item.ai_flags, item.ai_family, item.ai_socktype, item.ai_protocol};
    const auto size =
        static_cast<uint32_t>(sizeof head + std::min<size_t>(item.ai_addrlen, kMaxSockaddr));
    BlobWriter blob(call.call, {index_of(i), BlobPart::Value, index, size, size});
    blob.write(head, sizeof head, Trust::Kernel);
    blob.write(item.ai_addr, size - sizeof head, call.trust());
    next = item.ai_next;
  }
}

// libc keeps it for all threads in one place, where another one's call may be at work.
void capture_hostent(Returned& call, uint8_t parameter, const void* host) {
  hostent entry;
  if (host == nullptr || !copy_from_program(&entry, host, sizeof entry, call.trust())) return;
  const auto size = static_cast<uint32_t>(std::clamp(entry.h_length, 0, 16));
  for (uint16_t index = 0; index < kMaxAddresses; ++index) {
    const char* address = nullptr;
    if (!copy_from_program(&address, entry.h_addr_list + index, sizeof address, call.trust()) ||
        address == nullptr)
      return;
    write_blob(call.call, {parameter, BlobPart::Name, index, size, size}, address, call.trust());
  }
}

void capture_hostent_at(Returned& call, size_t i) {
  const void* host = nullptr;
  if (copy_from_program(&host, call.pointer(i), sizeof host, call.trust()))
    capture_hostent(call, index_of(i), host);
}

void capture_before(OpenCall& call, const Words& words, size_t i, size_t size) {
  const auto* pointer = reinterpret_cast<const void*>(words[i]);
  if (pointer != nullptr) put(call, i, BlobPart::Before, size, size, pointer, Trust::Caller);
}

uint32_t capture_length_before(OpenCall& call, const Words& words, size_t i) {
  const auto* pointer = reinterpret_cast<const void*>(words[i]);
  uint32_t length = 0;
  if (pointer == nullptr || !safe_copy(&length, pointer, sizeof length, Trust::Caller)) return 0;
  put(call, i, BlobPart::Before, sizeof length, sizeof length, &length, Trust::Kernel);
  return length;
}

size_t fd_set_bytes(const Words& words) {
  const auto nfds = std::clamp<int64_t>(static_cast<int32_t>(words[0]), 0, kMaxSelected);
  return static_cast<size_t>((nfds + 63) / 64 * 8);
}

// All of it is looked at as it is copied, so that it is copied once.
void capture_polled(OpenCall& call, const Words& words, size_t i, Noted& noted) {
  const auto* items = reinterpret_cast<const pollfd*>(words[i]);
  const uint64_t total = static_cast<uint32_t>(words[i + 1]);
  if (!others_reach_memory() || items == nullptr || total == 0) return;
  const uint64_t count = std::min(total, kMaxItems);
  const auto stored = static_cast<uint32_t>(count * sizeof *items);
  BlobWriter blob(call, {index_of(i), BlobPart::Given, 0, stored, total * sizeof *items});
  bool found = false;
  for (uint64_t k = 0; k < count;) {
    pollfd some[kMostPieces];
    const uint64_t size = std::min<uint64_t>(count - k, kMostPieces);
    if (!safe_copy(some, items + k, size * sizeof *some, Trust::Caller)) {
      blob.write(nullptr, size * sizeof *some, Trust::Nobody);
      found = true;
      break;
    }
    blob.write(some, size * sizeof *some, Trust::Kernel);
    for (uint64_t n = 0; n < size; ++n) found = found || is_socket(some[n].fd);
    k += size;
  }
  noted.polled = found ? Polled::Sockets : Polled::Others;
}

bool polls_socket(const Returned& call, size_t i) {
  const auto* items = static_cast<const pollfd*>(call.pointer(i));
  const uint64_t count = std::min<uint64_t>(call.count(i + 1), kMaxItems);
  for (uint64_t k = 0; items != nullptr && k < count; ++k) {
    pollfd item;
    if (!copy_from_program(&item, items + k, sizeof item, call.trust())) return true;
    if (is_socket(item.fd)) return true;
  }
  return false;
}

bool selects_socket(const Words& words, size_t i) {
  const auto* set = reinterpret_cast<const void*>(words[i]);
  uint64_t bits[kMaxSelected / 64];
  const size_t bytes = fd_set_bytes(words);
  if (set == nullptr) return false;
  if (!safe_copy(bits, set, bytes, Trust::Caller)) return true;
  for (size_t word = 0; word < bytes / sizeof(uint64_t); ++word)
    for (; bits[word] != 0; bits[word] &= bits[word] - 1)
      if (is_socket(static_cast<int>(word * 64) + __builtin_ctzll(bits[word]))) return true;
  return false;
}

}  // namespace wireseam
