// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tracer/compare/log_value.h"

namespace wireseam {

// strace takes what goes through a netlink socket apart: [{nlmsg_len=20, ...}, "\0..."]. The bytes
// of the first message's header and, where they are told as they are, of what follows it; empty
// where a name in it is not known. What strace has given names to behind it is left out.
std::string netlink_bytes(const LogValue& value);

}  // namespace wireseam
