// SPDX-License-Identifier: Apache-2.0
// Writes what a pointer of the program points at behind its call's record, or, where that has no
// room, into records of their own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tracer/shim/own_memory.h"
#include "tracer/shim/recorder.h"

namespace wireseam {

// How far the kernel's word goes: not far where somebody else runs in the same memory.
inline Trust trust_in_kernel() { return others_reach_memory() ? Trust::Nobody : Trust::Kernel; }

bool copy_from_program(void* target, const void* source, size_t size, Trust trust);

// One blob. Its `stored` bytes are announced at first and come in one or several writes.
class BlobWriter {
 public:
  BlobWriter(OpenCall& call, const BlobHeader& blob);

  // A source that cannot be read makes the whole blob unreadable.
  void write(const void* source, size_t size, Trust trust);

  // Where its bytes go, for whoever fills in all of them; nullptr: there is no one place.
  std::byte* place() const { return in_place_; }

 private:
  bool write_piece(const std::byte* source, size_t size, Trust trust);

  OpenCall& call_;
  BlobHeader blob_;
  std::byte* in_place_;  // nullptr: pieces
  uint64_t offset_ = 0;
};

// Of a blob whose bytes were to go to that place beside its call.
void mark_unreadable(void* place);

// A blob that lies in one place.
void write_blob(OpenCall& call, const BlobHeader& blob, const void* source, Trust trust);

}  // namespace wireseam
