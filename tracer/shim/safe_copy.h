// SPDX-License-Identifier: Apache-2.0
// Reading memory that the program named and that may not be there, or not any more. Never faults,
// never changes errno; costs one system call, unless the memory is known to be mapped.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tracer/shim/own_memory.h"

namespace wireseam {

// Copies `size` bytes from `source`; false, with nothing promised of `target`, where not all of
// them can be read.
bool safe_copy(void* target, const void* source, size_t size, Trust trust = Trust::Nobody);

// As safe_copy, of `count` (at most kMostPieces) pieces of `size` bytes, each `stride` bytes behind
// the one before; in the target they follow each other.
inline constexpr size_t kMostPieces = 64;
bool safe_copy_pieces(void* target, const void* source, size_t size, size_t stride, size_t count);

// Copies each piece, all that must be asked for at once. What could not be read is cleared in the
// result, of which bit i is piece i.
struct Piece {
  void* target;
  const void* source;
  size_t size;
};
inline constexpr size_t kPiecesAtOnce = 8;  // more make the kernel allocate
uint32_t safe_copy_each(const Piece* pieces, size_t count, Trust trust);

// Copies a string with its NUL, at most `size` bytes of it. Its length, or -1 where it cannot be
// read up to there.
long safe_copy_string(char* target, const char* source, size_t size);

// Whether each page in which [begin, end) lies can be read just now.
bool can_read_pages(uintptr_t begin, uintptr_t end);

}  // namespace wireseam
