// SPDX-License-Identifier: Apache-2.0
// The text of socket addresses: {sa_family=AF_INET, sin_port=htons(80), sin_addr=...}.
#pragma once

#include <cstddef>
#include <span>

#include "tracer/trace/text/writer.h"

namespace wireseam {

// The bytes of a struct sockaddr with their exact length (unix(7): it decides where an abstract
// name ends), at least the two of the family. Families that are not known are shown as bytes.
void write_sockaddr(TextWriter& out, std::span<const std::byte> bytes);

}  // namespace wireseam
