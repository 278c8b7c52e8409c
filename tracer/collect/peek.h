// SPDX-License-Identifier: Apache-2.0
// Looks from outside at what a call that is still being made was given, where the shim did not: it
// leaves that until after the call where it can be had for less then.
//
// The record of the call may be anybody's. So where to look comes from the kernel: it knows which
// system call the thread waits in, and with what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tracer/collect/process_folder.h"
#include "tracer/trace/format.h"

namespace wireseam {

// The blobs that a CallRecord lacks of its addresses and buffers to send, read from the process's
// memory; of each buffer at most `payload_limit` bytes. What can't be read is left out, and so is
// what its thread, of the id `tid`, is not just giving to the kernel.
std::vector<std::byte> peek_arguments(const ProcessFolder& process, uint32_t tid,
                                      std::span<const std::byte> call, uint32_t payload_limit);

}  // namespace wireseam
