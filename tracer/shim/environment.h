// SPDX-License-Identifier: Apache-2.0
// What a new program needs in its environment to be traced too: LD_PRELOAD and the region's name.
#pragma once

#include <cstddef>

namespace wireseam {

// How much room with_tracing needs for this environment: pointers first, then text.
size_t tracing_environment_size(char* const* environment);

// `environment` with both variables put back where they are missing; itself where nothing is, or
// where it cannot be read; without the shim where `program`'s loader can't take it (can_preload,
// which says what `program` may be). The user's own LD_PRELOAD is kept, behind ours. `room` must
// stay until exec has been called; it may be a stack's, since exec in a vfork's child must not
// allocate.
char* const* with_tracing(const char* program, char* const* environment, void* room);

}  // namespace wireseam
