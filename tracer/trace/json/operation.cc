// SPDX-License-Identifier: Apache-2.0
// fcntl(2) and ioctl(2): the argument means what the operation says.
#include <fcntl.h>
#include <net/if.h>

#include "tracer/trace/ioctl_request.h"
#include "tracer/trace/json/address.h"
#include "tracer/trace/json/parameter.h"

namespace wireseam::json {
namespace {

constexpr size_t kEthernetSize = 6;

void write_lock(const Argument& argument) {
  const auto lock = argument.read<flock>();
  if (!lock) return argument.pointer();
  JsonWriter& out = argument.out;
  const JsonObject object(out);
  write_constant(out.key("l_type"), ConstantGroup::LockType, static_cast<uint16_t>(lock->l_type));
  write_constant(out.key("l_whence"), ConstantGroup::SeekWhence,
                 static_cast<uint16_t>(lock->l_whence));
  out.key("l_start").number(lock->l_start);
  out.key("l_len").number(lock->l_len);
  out.key("l_pid").number(lock->l_pid);
}

void write_owner(const Argument& argument) {
  struct Owner {
    uint32_t type;
    int32_t pid;
  };
  const auto owner = argument.read<Owner>();
  if (!owner) return argument.pointer();
  JsonWriter& out = argument.out;
  const JsonObject object(out);
  write_constant(out.key("type"), ConstantGroup::OwnerType, owner->type);
  out.key("pid").number(owner->pid);
}

void write_interface_field(JsonWriter& out, const IoctlRequest& request, const ifreq& interface) {
  switch (request.shape) {
    case IoctlShape::Address:
      return write_address(out, std::as_bytes(std::span(&interface.ifr_addr, 1)));
    case IoctlShape::Hardware:
      return write_hardware_address(
          out, std::as_bytes(std::span(interface.ifr_hwaddr.sa_data)).first(kEthernetSize));
    case IoctlShape::Flags:
      return write_flags(out, ConstantGroup::InterfaceFlag,
                         static_cast<uint16_t>(interface.ifr_flags));
    case IoctlShape::Index:
    case IoctlShape::Int:
      return out.number(interface.ifr_ifindex);
    case IoctlShape::Name:
      return write_text_until_nul(out, std::as_bytes(std::span(interface.ifr_name)));
  }
}

void write_interface(const Argument& argument, const IoctlRequest& request) {
  const auto interface = argument.read<ifreq>();
  if (!interface) return argument.pointer();
  JsonWriter& out = argument.out;
  const JsonObject object(out);
  // Asked by index, answered by name.
  if (request.shape == IoctlShape::Name)
    out.key("ifr_ifindex").number(interface->ifr_ifindex);
  else
    write_text_until_nul(out.key("ifr_name"), std::as_bytes(std::span(interface->ifr_name)));
  if (request.way == IoctlWay::Out && argument.call.failed()) return;
  write_interface_field(out.key(request.field), request, *interface);
}

}  // namespace

void write_fcntl_argument(const Argument& argument) {
  JsonWriter& out = argument.out;
  switch (argument.before(1).as_int()) {
    case F_GETFD:
    case F_GETFL:
    case F_GETOWN:
    case F_GETSIG:
    case F_GETLEASE:
    case F_GETPIPE_SZ:
    case F_GET_SEALS:
      return out.null();
    case F_SETFD:
      return write_flags(out, ConstantGroup::DescriptorFlag, argument.as_unsigned());
    case F_SETFL:
      return write_open_flags(out, argument.as_unsigned());
    case F_SETSIG:
      return write_constant(out, ConstantGroup::Signal, argument.as_unsigned());
    case F_SETLEASE:
      return write_constant(out, ConstantGroup::LockType, argument.as_unsigned());
    case F_ADD_SEALS:
      return write_flags(out, ConstantGroup::SealFlag, argument.as_unsigned());
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
      return write_lock(argument);
    case F_GETOWN_EX:
    case F_SETOWN_EX:
      return write_owner(argument);
    default:
      return out.number(static_cast<int64_t>(argument.value()));
  }
}

void write_fcntl_result(JsonWriter& out, const CallEvent& call) {
  const auto operation = static_cast<int32_t>(call.arguments[1]);
  const auto flags = static_cast<uint32_t>(call.result);
  if (operation == F_GETFD)
    write_flags(out.key("result_flags"), ConstantGroup::DescriptorFlag, flags);
  if (operation == F_GETFL) write_open_flags(out.key("result_flags"), flags);
}

void write_ioctl_argument(const Argument& argument) {
  const IoctlRequest* request = find_ioctl(argument.before(1).value());
  if (request == nullptr) return argument.pointer();
  if (request->shape != IoctlShape::Int) return write_interface(argument, *request);
  const auto number = argument.read<int32_t>();
  const bool known = number && (request->way == IoctlWay::In || !argument.call.failed());
  if (!known) return argument.pointer();
  argument.out.number(*number);
}

}  // namespace wireseam::json
