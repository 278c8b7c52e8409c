// SPDX-License-Identifier: Apache-2.0
// Tells the collector which program and libraries a process began with, since a short one is gone
// before anybody can look at its /proc/PID/maps.
#include "tracer/shim/modules.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>

#include <algorithm>

#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/recorder.h"

namespace wireseam {
namespace {

constexpr size_t kMaxPath = 512;

// The program's own name is empty here.
size_t path_of(const char* name, char (&path)[kMaxPath]) {
  if (name != nullptr && name[0] != '\0') {
    const size_t length = std::min(strlen(name), kMaxPath);
    memcpy(path, name, length);
    return length;
  }
  const long length = raw_syscall(SYS_readlinkat, AT_FDCWD, raw_pointer("/proc/self/exe"),
                                  raw_pointer(path), kMaxPath);
  return length < 0 ? 0 : static_cast<size_t>(length);
}

int tell(dl_phdr_info* info, size_t /*size*/, void* /*context*/) {
  uint64_t begin = UINT64_MAX;
  uint64_t end = 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    begin = std::min<uint64_t>(begin, info->dlpi_addr + segment.p_vaddr);
    end = std::max<uint64_t>(end, info->dlpi_addr + segment.p_vaddr + segment.p_memsz);
  }
  char path[kMaxPath];
  const size_t length = path_of(info->dlpi_name, path);
  const size_t size = sizeof(ModuleRecord) + padded(length);
  auto* record = reinterpret_cast<ModuleRecord*>(take(size));
  if (record == nullptr) return 1;
  record->path_size = static_cast<uint32_t>(length);
  record->base = info->dlpi_addr;
  record->begin = begin;
  record->end = end;
  memcpy(reinterpret_cast<std::byte*>(record + 1), path, length);
  record->head.store(record_head(size, RecordKind::Module, RecordState::Done),
                     std::memory_order_release);
  return 0;
}

}  // namespace

void tell_modules() { dl_iterate_phdr(tell, nullptr); }

}  // namespace wireseam
