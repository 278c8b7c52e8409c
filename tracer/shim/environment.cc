// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/environment.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <algorithm>

#include "tracer/shim/preload.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/safe_copy.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

constexpr char kPreloadVariable[] = "LD_PRELOAD=";
constexpr size_t kPreloadLength = sizeof kPreloadVariable - 1;
constexpr size_t kRegionRoom = sizeof kRegionVariable + kMaxRegionPath + 1;
constexpr size_t kPreloadRoom = kPreloadLength + 2 * kMaxPreload;

const char* shim_path() { return origin.preload; }
const char* region_name() { return origin.region; }

// As many of the list's items as one look shows: it does not go beyond a page, since the list may
// end there. 0: they can't be read.
constexpr size_t kMostItems = 32;
size_t look_at_items(char* const* list, char* (&items)[kMostItems]) {
  const size_t to_page_end = kPageSize - reinterpret_cast<uintptr_t>(list) % kPageSize;
  const size_t count = std::clamp<size_t>(to_page_end / sizeof *list, 1, kMostItems);
  if (!is_certainly_there(list, count * sizeof *list, Trust::Caller))
    return safe_copy(items, list, count * sizeof *list) ? count : 0;
  // Not beyond its end: a sanitizer's program forbids memcpy(3) to read on.
  for (size_t i = 0; i < count; ++i)
    if ((items[i] = list[i]) == nullptr) return i + 1;
  return count;
}

// The beginnings of items, read with one system call for all: a large environment has many.
class Beginnings {
 public:
  Beginnings(char* const (&items)[kMostItems], size_t count) : count_(count) {
    if (!is_sandboxed()) read(items);
  }

  // Whether the item begins so. What can't be read is no variable of ours.
  bool has(size_t i, const char* item, const char* prefix, size_t length) const {
    if (i < known_ && length <= kSize && !crosses_page(item))
      return memcmp(bytes_[i], prefix, length) == 0;
    char copy[kSize];
    return safe_copy_string(copy, item, length) >= static_cast<long>(length) &&
           memcmp(copy, prefix, length) == 0;
  }

 private:
  static constexpr size_t kSize = 16;

  static bool crosses_page(const char* item) {
    return reinterpret_cast<uintptr_t>(item) % kPageSize > kPageSize - kSize;
  }

  void read(char* const (&items)[kMostItems]) {
    iovec remote[kMostItems];
    for (size_t i = 0; i < count_; ++i) remote[i] = {items[i], crosses_page(items[i]) ? 0 : kSize};
    for (size_t i = 0, at = 0; i < count_; ++i) {
      local_[i] = {bytes_[i], remote[i].iov_len};
      at += remote[i].iov_len;
      expected_ = at;
    }
    const long size =
        raw_syscall(SYS_process_vm_readv, raw_syscall(SYS_getpid), raw_pointer(local_),
                    static_cast<long>(count_), raw_pointer(remote), static_cast<long>(count_), 0);
    if (size == static_cast<long>(expected_)) known_ = count_;
  }

  size_t count_;
  size_t known_ = 0;
  size_t expected_ = 0;
  iovec local_[kMostItems];
  char bytes_[kMostItems][kSize];
};

// Calls visit(items, count) for some after the other; false where the list can't be read to its end
// or visit has had enough.
template <typename Visit>
bool for_each_group(char* const* environment, Visit visit) {
  for (; environment != nullptr; environment += kMostItems) {
    char* items[kMostItems];
    const size_t seen = look_at_items(environment, items);
    const auto count = static_cast<size_t>(std::find(items, items + seen, nullptr) - items);
    if (seen == 0 || !visit(items, count)) return false;
    if (count < seen) return true;
    environment -= kMostItems - seen;
  }
  return true;
}

// Appends at `text`, with its NUL; the place behind it.
char* append(char* text, const char* part) {
  const size_t length = strlen(part);
  memcpy(text, part, length + 1);
  return text + length;
}

// The pages that a changed environment stands in. `list` has room for the items, `text` for both
// variables.
struct Pages {
  char** list = nullptr;
  size_t size = 0;
  size_t count = 0;

  char* region() const { return reinterpret_cast<char*>(list + count); }
  char* preload() const { return region() + kRegionRoom; }
  char* scratch() const { return preload() + kPreloadRoom; }
};

// What this thread has now, so that the parent of a vfork's child finds it.
thread_local constinit Pages pages_in_use __attribute__((tls_model("initial-exec"))){};

// Without a list where there is no memory.
Pages make_pages(size_t variables) {
  Pages pages;
  pages.count = variables + 3;
  const size_t size = pages.count * sizeof *pages.list + kRegionRoom + kPreloadRoom + kMaxPreload;
  pages.size = (size + kPageSize - 1) / kPageSize * kPageSize;
  const long mapped = raw_syscall(SYS_mmap, 0, static_cast<long>(pages.size),
                                  PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (!is_error(mapped)) pages.list = reinterpret_cast<char**>(mapped);
  return pages;
}

// What a look at an environment tells.
struct Look {
  size_t count = 0;
  char* preload = nullptr;  // the last one, which is the one that counts
  bool has_region = false;
  bool is_readable = false;
};

Look look_at(char* const* environment) {
  Look look;
  look.is_readable = for_each_group(environment, [&](auto& items, size_t count) {
    const Beginnings beginnings(items, count);
    for (size_t i = 0; i < count; ++i) {
      if (beginnings.has(i, items[i], kPreloadVariable, kPreloadLength)) look.preload = items[i];
      if (beginnings.has(i, items[i], kRegionVariable, sizeof kRegionVariable - 1))
        look.has_region = true;
    }
    look.count += count;
    return true;
  });
  return look;
}

// Whether the shim is the first in "LD_PRELOAD=", as it is in all that we have started.
bool begins_with_shim(const char* item) {
  char piece[256];
  const char* wanted = shim_path();
  for (const char* theirs = item + kPreloadLength;; theirs += sizeof piece - 1) {
    const size_t size = std::min(strlen(wanted), sizeof piece - 1);
    if (safe_copy_string(piece, theirs, size + 1) < static_cast<long>(size)) return false;
    if (memcmp(piece, wanted, size) != 0) return false;
    if (wanted[size] == '\0') return piece[size] == '\0' || piece[size] == ':';
    wanted += size;
  }
}

// "LD_PRELOAD=OURS:THEIRS"; nullptr where theirs does not fit.
char* merged_preload(const Pages& pages, const char* item) {
  char* text = pages.preload();
  char* end = append(append(text, kPreloadVariable), shim_path());
  const long length = safe_copy_string(end + 1, item + kPreloadLength, kMaxPreload);
  if (length < 0 || length == static_cast<long>(kMaxPreload)) return nullptr;
  if (strstr(end + 1, shim_path()) != nullptr) return nullptr;
  if (length > 0) *end = ':';
  return text;
}

// "LD_PRELOAD=THEIRS" of "LD_PRELOAD=OURS:THEIRS"; nullptr where nothing is left. Others are
// returned as they are.
char* preload_without_shim(const Pages& pages, char* item) {
  char* old = pages.scratch();
  const size_t ours = strlen(shim_path());
  const long length = safe_copy_string(old, item + kPreloadLength, kMaxPreload);
  if (length < static_cast<long>(ours) || length == static_cast<long>(kMaxPreload)) return item;
  if (memcmp(old, shim_path(), ours) != 0) return item;
  if (old[ours] == '\0') return nullptr;
  if (old[ours] != ':') return item;
  append(append(pages.preload(), kPreloadVariable), old + ours + 1);
  return pages.preload();
}

// Copies the list, with `preload` in place of the one that was seen; how many items that gave.
// Another thread may be changing the environment, so there may be more or fewer than were counted.
size_t copy_list(const Pages& pages, char* const* environment, const Look& look, char* preload) {
  size_t next = 0;
  for_each_group(environment, [&](auto& items, size_t count) {
    for (size_t i = 0; i < count && next < look.count; ++i) {
      char* item = items[i] == look.preload ? preload : items[i];
      if (item != nullptr) pages.list[next++] = item;
    }
    return next < look.count;
  });
  return next;
}

void write_without_shim(const Pages& pages, char* const* environment, const Look& look) {
  char* preload = preload_without_shim(pages, look.preload);
  pages.list[copy_list(pages, environment, look, preload)] = nullptr;
}

void write_with_shim(const Pages& pages, char* const* environment, const Look& look) {
  char* merged = look.preload != nullptr ? merged_preload(pages, look.preload) : nullptr;
  size_t count = copy_list(pages, environment, look, merged != nullptr ? merged : look.preload);
  if (look.preload == nullptr) {
    append(append(pages.preload(), kPreloadVariable), shim_path());
    pages.list[count++] = pages.preload();
  }
  if (!look.has_region) {
    append(append(append(pages.region(), kRegionVariable), "="), region_name());
    pages.list[count++] = pages.region();
  }
  pages.list[count] = nullptr;
}

bool is_as_wanted(const Look& look, bool with_shim) {
  if (!with_shim) return look.preload == nullptr;
  return look.has_region && look.preload != nullptr && begins_with_shim(look.preload);
}

}  // namespace

Variables count_variables(char* const* environment) {
  size_t variables = 0;
  const bool whole = for_each_group(environment, [&](auto& /*items*/, size_t count) {
    variables += count;
    return true;
  });
  return {static_cast<uint32_t>(variables), whole};
}

TracedEnvironment::TracedEnvironment(const char* program, char* const* environment)
    : own_(environment), environment_(environment) {
  if (shim.region.load(std::memory_order_relaxed) == nullptr || is_sandboxed()) return;
  const Look look = look_at(environment);
  const bool with_shim = can_preload(shim_path(), program);
  if (!look.is_readable || is_as_wanted(look, with_shim)) return;
  const Pages pages = make_pages(look.count);
  if (pages.list == nullptr) return;
  if (with_shim)
    write_with_shim(pages, environment, look);
  else
    write_without_shim(pages, environment, look);
  pages_in_use = pages;
  environment_ = pages.list;
}

TracedEnvironment::~TracedEnvironment() {
  if (environment_ != nullptr && environment_ == pages_in_use.list) release_environment();
}

void TracedEnvironment::keep() {
  if (environment_ == pages_in_use.list) pages_in_use = {};
  environment_ = own_;
}

void release_environment() {
  if (pages_in_use.list == nullptr) return;
  raw_syscall(SYS_munmap, raw_pointer(pages_in_use.list), static_cast<long>(pages_in_use.size));
  pages_in_use = {};
}

}  // namespace wireseam
