// SPDX-License-Identifier: Apache-2.0
// The text of TCP_INFO's value, which grows with each kernel.
#pragma once

#include <cstddef>
#include <span>

#include "tracer/trace/text/writer.h"

namespace wireseam {

// struct tcp_info, as many bytes of it as there are. Without -v the fields that are looked at most.
void write_tcp_info(TextWriter& out, std::span<const std::byte> bytes);

}  // namespace wireseam
