// SPDX-License-Identifier: Apache-2.0
// Looks from outside at what a call that is still being made was given: the shim must not touch the
// program's pointers before the call, and afterwards may be too late.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tracer/trace/format.h"

namespace wireseam {

// The blobs of a CallRecord's addresses and buffers to send, read from the process's memory; of
// each buffer at most `payload_limit` bytes. What can't be read is left out.
std::vector<std::byte> peek_arguments(uint32_t pid, std::span<const std::byte> call,
                                      uint32_t payload_limit);

}  // namespace wireseam
