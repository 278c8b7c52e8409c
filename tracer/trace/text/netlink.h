// SPDX-License-Identifier: Apache-2.0
// What goes through a netlink socket: [{nlmsg_len=20, nlmsg_type=NLMSG_DONE, ...}, 0].
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "tracer/trace/text/argument.h"

namespace wireseam {

// The protocol of the netlink socket that the call's first argument names; no value where it is no
// such socket, or nobody knows.
std::optional<int> netlink_protocol(const Argument& argument);

// The messages of a buffer of `total` bytes, of which these were kept. `protocol` is that of the
// socket, -1 if not known.
void write_netlink(TextWriter& out, int protocol, std::span<const std::byte> bytes, uint64_t total);

}  // namespace wireseam
