// SPDX-License-Identifier: Apache-2.0
// How the tables of netlink are written: FIELD is a member of a kernel's structure, ROW an
// attribute.
#pragma once

#include "tracer/trace/netlink.h"

#define FIELD(type, member, ...) \
  NetlinkField { #member, offsetof(type, member), sizeof(type::member), __VA_ARGS__ }
#define ROW(type, ...) \
  NetlinkAttribute { type, #type, __VA_ARGS__ }
