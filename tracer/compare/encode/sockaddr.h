// SPDX-License-Identifier: Apache-2.0
// {sa_family=AF_INET, sin_port=htons(80), ...} to the struct sockaddr that it was.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tracer/compare/encode/value_reader.h"

namespace wireseam {

// As long as its family's struct; of AF_UNIX, as long as the path with its NUL.
std::vector<std::byte> encode_sockaddr(ValueReader& reader, const LogValue& address);

// inet_addr("127.0.0.1"), and inet_pton(AF_INET6, "::1", &name) anywhere in the structure, into an
// in_addr or in6_addr.
void encode_inet(ValueReader& reader, const LogValue& address, std::span<std::byte> out);
void encode_inet6(ValueReader& reader, const LogValue& structure, std::span<std::byte> out);

}  // namespace wireseam
