// SPDX-License-Identifier: Apache-2.0
// What a kind of parameter means in text; capture and JSON have the same switch.
#include "tracer/trace/text/parameter.h"

#include <fcntl.h>

#include "tracer/trace/text/address.h"
#include "tracer/trace/text/control_operation.h"
#include "tracer/trace/text/message.h"
#include "tracer/trace/text/names.h"
#include "tracer/trace/text/option.h"
#include "tracer/trace/text/readiness.h"
#include "tracer/trace/text/socket_kind.h"
#include "tracer/trace/text/time_value.h"

namespace wireseam {
namespace {

// How many iovecs there are is an int to libc only.
void write_int(const Argument& argument) {
  using enum ParameterKind;
  const auto kind_before =
      argument.index > 0 ? argument.call.info->parameters()[argument.index - 1].kind : Int;
  const bool counts = kind_before == VectorIn || kind_before == VectorOut;
  if (counts && argument.out.as_syscall()) return argument.out.number(argument.as_unsigned());
  argument.out.decimal(argument.as_int());
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): a case for each kind, so that none is forgotten.
void write_parameter(ParameterKind kind, const Argument& argument) {
  TextWriter& out = argument.out;
  switch (kind) {
    case ParameterKind::Int:
      return write_int(argument);
    case ParameterKind::OptionLength:
    case ParameterKind::AddressLength:
      return out.decimal(argument.as_int());
    case ParameterKind::Unsigned:
      return out.number(argument.as_unsigned());
    case ParameterKind::Size:
      return out.number(argument.value());
    case ParameterKind::Offset:
      return out.decimal(static_cast<int64_t>(argument.value()));
    case ParameterKind::Address:
      return argument.pointer();
    case ParameterKind::DirectoryFd:
      if (argument.as_int() == AT_FDCWD) return out.text("AT_FDCWD");
      return out.descriptor(argument.as_int());
    case ParameterKind::Fd:
    case ParameterKind::Stream:
      return out.descriptor(argument.as_int());
    case ParameterKind::SocketDomain:
      return out.constant(ConstantGroup::AddressFamily, argument.as_unsigned());
    case ParameterKind::SocketType:
      return write_socket_type(out, argument.as_unsigned());
    case ParameterKind::SocketProtocol:
      return write_socket_protocol(argument);
    case ParameterKind::SocketFlags:
      return out.flags(ConstantGroup::SocketFlag, argument.as_unsigned());
    case ParameterKind::ShutdownHow:
      return out.constant(ConstantGroup::ShutdownHow, argument.as_unsigned());
    case ParameterKind::MessageFlags:
      return out.flags(ConstantGroup::MessageFlag, argument.as_unsigned());
    case ParameterKind::OptionLevel:
      return out.constant(ConstantGroup::OptionLevel, argument.as_unsigned());
    case ParameterKind::OptionName:
      return write_option_name(argument);
    case ParameterKind::ReadWriteFlags:
      return out.flags(ConstantGroup::ReadWriteFlag, argument.as_unsigned());
    case ParameterKind::SpliceFlags:
      return out.flags(ConstantGroup::SpliceFlag, argument.as_unsigned());
    case ParameterKind::OpenFlags:
      return out.flags(ConstantGroup::OpenFlag, argument.as_unsigned());
    case ParameterKind::CloseRangeFlags:
      return out.flags(ConstantGroup::CloseRangeFlag, argument.as_unsigned());
    case ParameterKind::CloneFlags:
      return out.flags(ConstantGroup::CloneFlag, argument.as_unsigned());
    case ParameterKind::LoadFlags:
      return out.flags(ConstantGroup::LoadFlag, argument.as_unsigned());
    case ParameterKind::PathFlags:
      return out.flags(ConstantGroup::PathFlag, argument.as_unsigned());
    case ParameterKind::FcntlOperation:
      return write_fcntl_operation(out, argument.call);
    case ParameterKind::FcntlArgument:
      return write_fcntl_argument(argument);
    case ParameterKind::IoctlOperation:
      return write_ioctl_request(out, argument.value());
    case ParameterKind::IoctlArgument:
      return write_ioctl_argument(argument);
    case ParameterKind::EpollFlags:
      return out.flags(ConstantGroup::EpollFlag, argument.as_unsigned());
    case ParameterKind::EpollOperation:
      return out.constant(ConstantGroup::EpollOperation, argument.as_unsigned());
    case ParameterKind::AddressIn:
      return write_address_in(argument);
    case ParameterKind::AddressOut:
      return write_address_out(argument);
    case ParameterKind::AddressLengthInOut:
    case ParameterKind::OptionLengthInOut:
      return write_length_in_out(argument);
    case ParameterKind::BytesIn:
      return write_bytes_in(argument);
    case ParameterKind::BytesOut:
      return write_bytes_out(argument);
    case ParameterKind::VectorIn:
    case ParameterKind::VectorOut:
      return write_vector(argument);
    case ParameterKind::MessageIn:
      return write_message_in(argument);
    case ParameterKind::MessageOut:
      return write_message_out(argument);
    case ParameterKind::MessagesIn:
      return write_messages_in(argument);
    case ParameterKind::MessagesOut:
      return write_messages_out(argument);
    case ParameterKind::OptionIn:
      return write_option_in(argument);
    case ParameterKind::OptionOut:
      return write_option_out(argument);
    case ParameterKind::FdPairOut:
      return write_descriptor_pair(argument);
    case ParameterKind::PollFds:
      return write_poll_fds(argument);
    case ParameterKind::FdSet:
      return write_fd_set(argument);
    case ParameterKind::TimevalInOut:
      return write_timeval(argument);
    case ParameterKind::TimespecIn:
    case ParameterKind::TimespecInOut:
      return write_timespec(argument);
    case ParameterKind::SignalSet:
      return write_signal_set(argument);
    case ParameterKind::EpollEventIn:
      return write_epoll_event(argument);
    case ParameterKind::EpollEventsOut:
      return write_epoll_events(argument);
    case ParameterKind::OffsetInOut:
      return write_offset_in_out(argument);
    case ParameterKind::String:
      return write_string(argument);
    case ParameterKind::Strings:
      return write_strings(argument);
    case ParameterKind::Environment:
      return write_environment(argument);
    case ParameterKind::AddrinfoHints:
      return write_addrinfo_hints(argument);
    case ParameterKind::AddrinfoOut:
      return write_addrinfo(argument);
    case ParameterKind::HostentOut:
      return write_host_addresses(argument);
    case ParameterKind::PidOut:
      return write_pid_out(argument);
  }
}

}  // namespace wireseam
