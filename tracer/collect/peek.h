// SPDX-License-Identifier: Apache-2.0
// Looks from outside at what a call that is still being made was given, where the shim did not: it
// leaves that until after the call where it can be had for less then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tracer/trace/format.h"

namespace wireseam {

// The blobs that a CallRecord lacks of its addresses and buffers to send, read from the process's
// memory; of each buffer at most `payload_limit` bytes. What can't be read is left out.
std::vector<std::byte> peek_arguments(uint32_t pid, std::span<const std::byte> call,
                                      uint32_t payload_limit);

}  // namespace wireseam
