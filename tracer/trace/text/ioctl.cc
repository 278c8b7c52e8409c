// SPDX-License-Identifier: Apache-2.0
// Requests that sockets know. struct ifreq is read by the request's field; a request without a row
// shows its argument as it is.
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tracer/trace/ioctl_request.h"
#include "tracer/trace/text/control_operation.h"
#include "tracer/trace/text/sockaddr.h"

namespace wireseam {
namespace {

void write_hardware_address(TextWriter& out, const sockaddr& address) {
  constexpr size_t kEthernet = 6;
  static constexpr char kDigits[] = "0123456789abcdef";
  StructText text(out);
  text.field("sa_family").constant(ConstantGroup::ArpHardware, address.sa_family);
  text.field("sa_data");
  for (size_t i = 0; i < kEthernet; ++i) {
    const auto octet = static_cast<uint8_t>(address.sa_data[i]);
    const char digits[] = {':', kDigits[octet >> 4], kDigits[octet & 15]};
    out.text(std::string_view(digits, sizeof digits).substr(i == 0 ? 1 : 0));
  }
}

void write_field(TextWriter& out, const IoctlRequest& request, const ifreq& interface) {
  switch (request.shape) {
    case IoctlShape::Address:
      return write_sockaddr(out, std::as_bytes(std::span(&interface.ifr_addr, 1)));
    case IoctlShape::Hardware:
      return write_hardware_address(out, interface.ifr_hwaddr);
    case IoctlShape::Flags:
      return out.flags(ConstantGroup::InterfaceFlag, static_cast<uint16_t>(interface.ifr_flags));
    case IoctlShape::Index:
    case IoctlShape::Int:
      return out.decimal(interface.ifr_ifindex);
    case IoctlShape::Name:
      return out.quoted_until_nul(std::as_bytes(std::span(interface.ifr_name)));
  }
}

void write_interface(const Argument& argument, const IoctlRequest& request) {
  const auto interface = argument.read<ifreq>();
  if (!interface) return argument.pointer();
  StructText text(argument.out);
  // Asked by index, answered by name.
  if (request.shape == IoctlShape::Name)
    text.field("ifr_ifindex").decimal(interface->ifr_ifindex);
  else
    text.field("ifr_name").quoted_until_nul(std::as_bytes(std::span(interface->ifr_name)));
  if (request.way == IoctlWay::Out && argument.call.failed()) return;
  write_field(text.field(request.field), request, *interface);
}

void write_integer(const Argument& argument, const IoctlRequest& request) {
  const auto number = argument.read<int>();
  if (!number || (request.way == IoctlWay::Out && argument.call.failed()))
    return argument.pointer();
  argument.out.text("[");
  argument.out.decimal(*number);
  argument.out.text("]");
}

}  // namespace

void write_ioctl_request(TextWriter& out, uint64_t request) {
  const auto code = static_cast<uint32_t>(request);
  const std::string_view name = constant_name(ConstantGroup::IoctlRequest, code);
  if (!name.empty()) return out.text(name);
  static constexpr std::string_view kDirections[] = {"_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
                                                     "_IOC_READ|_IOC_WRITE"};
  out.text("_IOC(");
  out.text(kDirections[_IOC_DIR(code)]);
  out.text(", ");
  out.hex(_IOC_TYPE(code));
  out.text(", ");
  out.hex(_IOC_NR(code));
  out.text(", ");
  out.hex(_IOC_SIZE(code));
  out.text(")");
}

void write_ioctl_argument(const Argument& argument) {
  const IoctlRequest* request = find_ioctl(argument.call.arguments[1]);
  if (request == nullptr) {
    const bool named = !constant_name(ConstantGroup::IoctlRequest,
                                      static_cast<uint32_t>(argument.call.arguments[1]))
                            .empty();
    return named ? argument.pointer() : argument.out.hex(argument.value());
  }
  if (request->shape == IoctlShape::Int) return write_integer(argument, *request);
  write_interface(argument, *request);
}

bool has_ioctl_argument(const TextWriter& out, const CallEvent& call) {
  const auto request = static_cast<uint32_t>(call.arguments[1]);
  return !out.as_syscall() || (request != FIOCLEX && request != FIONCLEX);
}

bool is_output_ioctl(uint64_t number) {
  const IoctlRequest* request = find_ioctl(number);
  return request != nullptr && request->way == IoctlWay::Out && request->shape == IoctlShape::Int;
}

}  // namespace wireseam
