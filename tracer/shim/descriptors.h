// SPDX-License-Identifier: Apache-2.0
// Which of the program's descriptors are sockets, so that a read from a file costs nothing. A
// number whose past is not known (inherited, received, opened by a call that is not hooked) is
// looked at once, with one fstat(2). Nothing here blocks; a stale answer can only come from a
// descriptor that was closed inside libc.
#pragma once

#include <atomic>
#include <cstdint>

#include "tracer/shim/state.h"

namespace wireseam {

enum class DescriptorKind : uint8_t {
  Unknown,
  Other,    // no socket
  Unmet,    // a socket whose identity has not been recorded yet
  Socket,   // a socket
  Netlink,  // a socket of AF_NETLINK that was seen made
};

inline constexpr int kKnownDescriptors = 1 << 18;  // higher numbers are looked at each time
extern constinit std::atomic<DescriptorKind> descriptor_kinds[kKnownDescriptors];

// Nothing is known of any number then, and each is looked at each time: threads or processes that
// share this memory have different descriptors, or other processes change ours.
extern constinit std::atomic<bool> files_are_parted;

DescriptorKind look_at(int fd);

inline DescriptorKind descriptor_kind(int fd) {
  if (fd < 0) return DescriptorKind::Other;
  if (fd < kKnownDescriptors) {
    const auto kind = descriptor_kinds[fd].load(std::memory_order_relaxed);
    if (kind != DescriptorKind::Unknown) return kind;
  }
  return look_at(fd);
}

inline bool is_socket(int fd) { return descriptor_kind(fd) >= DescriptorKind::Unmet; }

// A vfork's child has descriptors of its own but shares this memory: what it learns holds for it
// alone, so it may only forget.
inline void set_descriptor_kind(int fd, DescriptorKind kind) {
  if (fd < 0 || fd >= kKnownDescriptors) return;
  if (thread_state.in_vfork_child || files_are_parted.load(std::memory_order_relaxed))
    kind = DescriptorKind::Unknown;
  descriptor_kinds[fd].store(kind, std::memory_order_relaxed);
}

// Its identity has been recorded.
inline void set_met(int fd) {
  if (descriptor_kind(fd) != DescriptorKind::Netlink)
    set_descriptor_kind(fd, DescriptorKind::Socket);
}

// Looks at nothing: a socket that is not known to be one of netlink is none.
inline bool is_known_netlink(uint64_t fd) {
  return fd < kKnownDescriptors &&
         descriptor_kinds[fd].load(std::memory_order_relaxed) == DescriptorKind::Netlink;
}

void forget_descriptors(unsigned first, unsigned last);

// From here on files_are_parted.
void part_files_tables();

// Looks at all that are likely to be used, while looking is still allowed.
void look_at_all();

}  // namespace wireseam
