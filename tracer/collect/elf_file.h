// SPDX-License-Identifier: Apache-2.0
// An ELF file, read by its descriptor.
#pragma once

#include <optional>
#include <string>

#include "tracer/trace/program_file.h"

namespace wireseam {

// The file behind the descriptor, read with pread(2). No value where it is no ELF file, or where
// its first header is cut off.
std::optional<ProgramFile> read_elf(int fd);

// "i386", "AArch64", ...; "machine 243" where it is none of the well-known ones.
std::string machine_name(const ProgramFile& file);

}  // namespace wireseam
