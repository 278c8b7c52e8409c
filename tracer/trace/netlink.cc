// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/netlink.h"

#include <algorithm>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

namespace wireseam {
namespace {

std::optional<ConstantGroup> route_flags(uint16_t type) {
  using enum ConstantGroup;
  if (type == RTM_DELACTION) return NetlinkGetFlag;
  switch (type & 3) {
    case 0:
      return NetlinkNewFlag;
    case 1:
      return NetlinkDeleteFlag;
    case 2:
      return NetlinkGetFlag;
    default:
      return std::nullopt;
  }
}

}  // namespace

const NetlinkAttribute* NetlinkAttributes::find(uint16_t type) const {
  const auto row = std::ranges::find(rows, type, &NetlinkAttribute::type);
  return row == rows.end() ? nullptr : &*row;
}

ConstantGroup netlink_types(const NetlinkMessage& message) {
  using enum ConstantGroup;
  if (message.type < NLMSG_MIN_TYPE) return NetlinkMessageType;
  switch (message.protocol) {
    case NETLINK_ROUTE:
      return NetlinkRouteType;
    case NETLINK_SOCK_DIAG:
      return NetlinkDiagType;
    case NETLINK_GENERIC:
      return NetlinkGenericType;
    default:
      return NetlinkMessageType;
  }
}

std::optional<ConstantGroup> netlink_flags(const NetlinkMessage& message) {
  using enum ConstantGroup;
  if (message.type == NLMSG_ERROR) return NetlinkErrorFlag;
  if (message.type < NLMSG_MIN_TYPE) return std::nullopt;
  if (message.protocol == NETLINK_ROUTE) return route_flags(message.type);
  if (message.protocol == NETLINK_SOCK_DIAG) return NetlinkGetFlag;
  return std::nullopt;
}

std::optional<NetlinkPayload> netlink_payload(const NetlinkMessage& message, uint8_t family) {
  if (message.protocol == NETLINK_ROUTE) return route_payload(message.type);
  if (message.protocol == NETLINK_SOCK_DIAG) return diag_payload(message, family);
  return std::nullopt;
}

}  // namespace wireseam
