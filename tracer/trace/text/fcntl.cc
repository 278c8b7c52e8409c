// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include "tracer/trace/text/control_operation.h"

namespace wireseam {
namespace {

struct Owner {
  int type;
  int pid;
};

enum class LockOwner : uint8_t { Shown, Left };

void write_lock(const Argument& argument, LockOwner owner) {
  const auto lock = argument.read<flock>();
  if (!lock) return argument.pointer();
  StructText text(argument.out);
  text.field("l_type").constant(ConstantGroup::LockType, static_cast<uint16_t>(lock->l_type));
  text.field("l_whence").constant(ConstantGroup::SeekWhence, static_cast<uint16_t>(lock->l_whence));
  text.field("l_start").decimal(lock->l_start);
  text.field("l_len").decimal(lock->l_len);
  if (owner == LockOwner::Shown) text.field("l_pid").decimal(lock->l_pid);
}

void write_owner(TextWriter& out, const Owner& owner) {
  StructText text(out);
  text.field("type").constant(ConstantGroup::OwnerType, static_cast<uint32_t>(owner.type));
  text.field("pid").decimal(owner.pid);
}

void write_owner(const Argument& argument) {
  const auto owner = argument.read<Owner>();
  if (!owner) return argument.pointer();
  write_owner(argument.out, *owner);
}

// glibc asks with F_GETOWN_EX when the program asks with F_GETOWN, which can't tell the negative
// number of a process group from an error.
bool asks_for_owner(const TextWriter& out, const CallEvent& call) {
  return out.as_syscall() && static_cast<int>(call.arguments[1]) == F_GETOWN && !call.failed();
}

Owner owner_told(const CallEvent& call) {
  constexpr int kNobody = 0;  // the kernel's word for it is that of a thread, F_OWNER_TID
  constexpr int kProcess = 1;
  constexpr int kGroup = 2;
  const int pid = static_cast<int>(call.result);
  if (pid == 0) return {kNobody, 0};
  return pid < 0 ? Owner{kGroup, -pid} : Owner{kProcess, pid};
}

void write_open_flags(TextWriter& out, uint64_t flags) {
  const uint64_t access = flags & O_ACCMODE;
  out.text(constant_name(ConstantGroup::AccessMode, access));
  if (flags == access) return;
  out.text("|");
  out.flag_list(ConstantGroup::OpenFlag, flags & ~access);
}

void write_signal(TextWriter& out, int signal) {
  const std::string_view name = constant_name(ConstantGroup::Signal, static_cast<uint64_t>(signal));
  if (name.empty()) return out.decimal(signal);
  out.text(name);
}

}  // namespace

bool has_fcntl_argument(const TextWriter& out, const CallEvent& call) {
  switch (static_cast<int>(call.arguments[1])) {
    case F_GETOWN:
      return asks_for_owner(out, call);
    case F_GETFD:
    case F_GETFL:
    case F_GETSIG:
    case F_GETLEASE:
    case F_GETPIPE_SZ:
    case F_GET_SEALS:
      return false;
    default:
      return true;
  }
}

bool is_output_fcntl(uint64_t operation) {
  switch (static_cast<int>(operation)) {
    case F_GETLK:
    case F_OFD_GETLK:
    case F_GETOWN_EX:
      return true;
    default:
      return false;
  }
}

void write_fcntl_operation(TextWriter& out, const CallEvent& call) {
  if (asks_for_owner(out, call)) return out.text("F_GETOWN_EX");
  out.constant(ConstantGroup::FcntlOperation, static_cast<uint32_t>(call.arguments[1]));
}

void write_fcntl_argument(const Argument& argument) {
  TextWriter& out = argument.out;
  if (asks_for_owner(out, argument.call)) return write_owner(out, owner_told(argument.call));
  switch (static_cast<int>(argument.call.arguments[1])) {
    case F_SETFD:
      return out.flags(ConstantGroup::DescriptorFlag, argument.as_unsigned());
    case F_SETFL:
      return write_open_flags(out, argument.as_unsigned());
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      if (out.as_syscall()) return out.number(argument.value());
      return out.decimal(argument.as_int());
    case F_SETOWN:
    case F_SETPIPE_SZ:
      return out.decimal(argument.as_int());
    case F_SETSIG:
      return write_signal(out, argument.as_int());
    case F_SETLEASE:
      return out.constant(ConstantGroup::LockType, argument.value());
    case F_ADD_SEALS:
      return out.flags(ConstantGroup::SealFlag, argument.value());
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
      return write_lock(argument, LockOwner::Left);
    case F_GETLK:
    case F_OFD_GETLK:
      return write_lock(argument, LockOwner::Shown);
    case F_SETOWN_EX:
    case F_GETOWN_EX:
      return write_owner(argument);
    default:
      return out.hex(argument.value());
  }
}

void write_fcntl_result(TextWriter& out, const CallEvent& call) {
  const auto result = static_cast<uint64_t>(call.result);
  if (asks_for_owner(out, call)) return out.text("0");
  switch (static_cast<int>(call.arguments[1])) {
    case F_GETFD:
      out.hex(result);
      if (result == 0) return;
      out.text(" (flags ");
      out.flag_list(ConstantGroup::DescriptorFlag, result);
      return out.text(")");
    case F_GETFL:
      out.hex(result);
      out.text(" (flags ");
      write_open_flags(out, result);
      return out.text(")");
    case F_GETSIG:
      out.decimal(call.result);
      if (result == 0) return;
      out.text(" (");
      write_signal(out, static_cast<int>(call.result));
      return out.text(")");
    case F_GETLEASE:
      out.hex(result);
      out.text(" (");
      out.constant(ConstantGroup::LockType, result);
      return out.text(")");
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return out.descriptor(static_cast<int>(call.result));
    default:
      return out.decimal(call.result);
  }
}

}  // namespace wireseam
