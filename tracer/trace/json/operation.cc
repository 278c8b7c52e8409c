// SPDX-License-Identifier: Apache-2.0
// fcntl(2) and ioctl(2): the argument means what the operation says.
#include <fcntl.h>
#include <net/if.h>

#include "tracer/trace/json/parameter.h"

namespace wireseam::json {
namespace {

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

// An int, or a struct ifreq, of which the interface is shown and the rest is a payload.
void write_ioctl_argument(const Argument& argument) {
  const auto value = argument.blob();
  if (!value) return argument.pointer();
  JsonWriter& out = argument.out;
  const auto number = read_at<int32_t>(value->bytes);
  if (number && value->bytes.size() == sizeof *number) return out.number(*number);
  if (value->bytes.size() < sizeof(ifreq)) return argument.pointer();
  const JsonObject object(out);
  write_text_until_nul(out.key("ifr_name"), value->bytes.first(IFNAMSIZ));
  write_payload(out.key("data"), value->bytes.subspan(IFNAMSIZ), value->total - IFNAMSIZ);
}

}  // namespace wireseam::json
