// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/environment.h"

#include <string.h>

#include "tracer/shim/preload.h"
#include "tracer/shim/safe_copy.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

constexpr char kPreloadVariable[] = "LD_PRELOAD=";
constexpr size_t kPreloadLength = sizeof kPreloadVariable - 1;
constexpr size_t kRegionRoom = sizeof kRegionVariable + kMaxRegionPath + 1;
constexpr size_t kUnreadableEnvironment = ~size_t{0};

size_t count_items(char* const* environment) {
  size_t count = 0;
  char* item = nullptr;
  if (environment == nullptr) return 0;
  while (safe_copy(&item, environment + count, sizeof item)) {
    if (item == nullptr) return count;
    ++count;
  }
  return kUnreadableEnvironment;
}

// Copies up to `size` bytes of an item; what cannot be read is no variable of ours.
bool begins_with(const char* item, const char* prefix, size_t length) {
  char copy[64];
  return safe_copy_string(copy, item, length) >= static_cast<long>(length) &&
         memcmp(copy, prefix, length) == 0;
}

// Appends at `text`, with its NUL; the place behind it.
char* append(char* text, const char* part) {
  const size_t length = strlen(part);
  memcpy(text, part, length + 1);
  return text + length;
}

// "LD_PRELOAD=OURS:THEIRS"; nullptr where theirs has ours in it already or does not fit. Theirs is
// read to where it belongs: there may be little stack.
char* merged_preload(char* text, const RegionHeader* region, const char* item) {
  char* end = append(append(text, kPreloadVariable), region->preload);
  const long length = safe_copy_string(end + 1, item + kPreloadLength, kMaxPreload);
  if (length < 0 || length == kMaxPreload) return nullptr;
  if (strstr(end + 1, region->preload) != nullptr) return nullptr;
  if (length > 0) *end = ':';
  return text;
}

// "LD_PRELOAD=THEIRS" of "LD_PRELOAD=OURS:THEIRS"; nullptr where nothing is left. Others are
// returned as they are.
char* preload_without_shim(char* text, const RegionHeader* region, char* item) {
  char old[kMaxPreload];
  const size_t ours = strlen(region->preload);
  const long length = safe_copy_string(old, item + kPreloadLength, sizeof old);
  if (length < static_cast<long>(ours) || length == sizeof old) return item;
  if (memcmp(old, region->preload, ours) != 0) return item;
  if (old[ours] == '\0') return nullptr;
  if (old[ours] != ':') return item;
  append(append(text, kPreloadVariable), old + ours + 1);
  return text;
}

char* const* without_shim(char* const* environment, void* room, const RegionHeader* region,
                          size_t count) {
  auto** items = static_cast<char**>(room);
  char* text = reinterpret_cast<char*>(items + count + 1);
  size_t next = 0;
  for (size_t i = 0; i < count; ++i) {
    char* item = environment[i];
    if (begins_with(item, kPreloadVariable, kPreloadLength))
      item = preload_without_shim(text, region, item);
    if (item != nullptr) items[next++] = item;
  }
  items[next] = nullptr;
  return items;
}

}  // namespace

size_t tracing_environment_size(char* const* environment) {
  const size_t count = count_items(environment);
  const RegionHeader* region = shim.region.load(std::memory_order_relaxed);
  if (region == nullptr || count == kUnreadableEnvironment) return 0;
  const size_t ours = kPreloadLength + strlen(region->preload) + 1;
  return (count + 3) * sizeof(char*) + kRegionRoom + ours + kMaxPreload;
}

char* const* with_tracing(const char* program, char* const* environment, void* room) {
  const RegionHeader* region = shim.region.load(std::memory_order_relaxed);
  const size_t count = count_items(environment);
  if (region == nullptr || count == kUnreadableEnvironment) return environment;
  if (!can_preload(region->preload, program)) return without_shim(environment, room, region, count);
  auto** items = static_cast<char**>(room);
  char* variable = reinterpret_cast<char*>(items + count + 3);
  char* preload = variable + kRegionRoom;
  bool has_preload = false;
  bool has_region = false;
  size_t next = 0;
  for (size_t i = 0; i < count; ++i) {
    char* item = environment[i];
    if (begins_with(item, kPreloadVariable, kPreloadLength)) {
      has_preload = true;
      if (char* merged = merged_preload(preload, region, item)) item = merged;
    } else if (begins_with(item, kRegionVariable, sizeof kRegionVariable - 1)) {
      has_region = true;
    }
    items[next++] = item;
  }
  if (!has_preload) {
    append(append(preload, kPreloadVariable), region->preload);
    items[next++] = preload;
  }
  if (!has_region) {
    append(append(append(variable, kRegionVariable), "="), region->path);
    items[next++] = variable;
  }
  items[next] = nullptr;
  return items;
}

}  // namespace wireseam
