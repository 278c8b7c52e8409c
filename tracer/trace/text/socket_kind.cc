// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/socket_kind.h"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace wireseam {

void write_socket_type(TextWriter& out, uint32_t type) {
  constexpr uint32_t kTypeMask = 0xf;  // the other bits are flags
  const std::string_view name = constant_name(ConstantGroup::SocketType, type & kTypeMask);
  if (name.empty()) return out.flags(ConstantGroup::SocketFlag, type);
  out.text(name);
  if ((type & ~kTypeMask) == 0) return;
  out.text("|");
  out.flags(ConstantGroup::SocketFlag, type & ~kTypeMask);
}

void write_socket_protocol(const Argument& argument) {
  TextWriter& out = argument.out;
  const uint32_t protocol = argument.as_unsigned();
  if (argument.call.number == CallNumber::socketpair) return out.number(protocol);
  switch (static_cast<int>(argument.call.arguments[0])) {
    case AF_INET:
    case AF_INET6:
      return out.constant(ConstantGroup::InetProtocol, protocol);
    case AF_NETLINK:
      return out.constant(ConstantGroup::NetlinkProtocol, protocol);
    case AF_BLUETOOTH:
      return out.constant(ConstantGroup::BluetoothProtocol, protocol);
    case AF_CAN:
      return out.constant(ConstantGroup::CanProtocol, protocol);
    case AF_PACKET:
      out.text("htons(");
      out.constant(ConstantGroup::EthernetProtocol, ntohs(static_cast<uint16_t>(protocol)));
      return out.text(")");
    default:
      return out.number(protocol);
  }
}

}  // namespace wireseam
