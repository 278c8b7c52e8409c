// SPDX-License-Identifier: Apache-2.0
// The JSON of each parameter kind: one of the three switches over ParameterKind.
#include "tracer/trace/json/argument.h"

#include "tracer/trace/json/address.h"
#include "tracer/trace/json/parameter.h"

namespace wireseam::json {
namespace {

template <typename T>
void write_number_at(const Argument& argument) {
  const auto number = argument.read<T>();
  if (!number) return argument.pointer();
  argument.out.number(*number);
}

void write_lengths(const Argument& argument) {
  write_before_after<uint32_t>(argument,
                               [](JsonWriter& out, uint32_t length) { out.number(length); });
}

void write_offsets(const Argument& argument) {
  write_before_after<int64_t>(argument,
                              [](JsonWriter& out, int64_t offset) { out.number(offset); });
}

template <typename Time>
void write_times(const Argument& argument) {
  write_before_after<Time>(argument,
                           [](JsonWriter& out, const Time& time) { write_time(out, time); });
}

void write_time_in(const Argument& argument) {
  // The kernel changes it, but only strace is told.
  if (argument.blob(BlobPart::Before)) return write_times<timespec>(argument);
  const auto time = argument.read<timespec>();
  if (!time) return argument.pointer();
  write_time(argument.out, *time);
}

void write_address_argument(const Argument& argument) {
  const auto address = argument.blob();
  if (!address) return argument.pointer();
  write_address(argument.out, address->bytes);
}

void write_descriptor_pair(const Argument& argument) {
  const auto first = argument.read<int32_t>();
  const auto blob = argument.blob();
  const auto second = blob ? read_at<int32_t>(blob->bytes, sizeof(int32_t)) : std::nullopt;
  if (!first || !second) return argument.pointer();
  const JsonArray array(argument.out);
  argument.out.number(*first);
  argument.out.number(*second);
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): a case for each kind, so that none is forgotten.
void write_argument(const Argument& argument, ParameterKind kind) {
  JsonWriter& out = argument.out;
  switch (kind) {
    case ParameterKind::Int:
    case ParameterKind::PathFlags:
    case ParameterKind::Fd:
    case ParameterKind::DirectoryFd:
    case ParameterKind::Stream:
      return out.number(argument.as_int());
    case ParameterKind::Unsigned:
    case ParameterKind::OptionLength:
    case ParameterKind::AddressLength:
      return out.number(argument.as_unsigned());
    case ParameterKind::Size:
      return out.number(argument.value());
    case ParameterKind::Offset:
      return out.number(static_cast<int64_t>(argument.value()));
    case ParameterKind::Address:
      return argument.pointer();
    case ParameterKind::SocketDomain:
      return write_constant(out, ConstantGroup::AddressFamily, argument.as_unsigned());
    case ParameterKind::SocketType:
      return write_socket_type(out, argument.as_unsigned());
    case ParameterKind::SocketProtocol:
      return write_socket_protocol(out, argument.before(2).as_unsigned(), argument.as_unsigned());
    case ParameterKind::SocketFlags:
      return write_flags(out, ConstantGroup::SocketFlag, argument.as_unsigned());
    case ParameterKind::ShutdownHow:
      return write_constant(out, ConstantGroup::ShutdownHow, argument.as_unsigned());
    case ParameterKind::MessageFlags:
      return write_flags(out, ConstantGroup::MessageFlag, argument.as_unsigned());
    case ParameterKind::OptionLevel:
      return write_constant(out, ConstantGroup::OptionLevel, argument.as_unsigned());
    case ParameterKind::OptionName:
      return write_option_name(argument);
    case ParameterKind::ReadWriteFlags:
      return write_flags(out, ConstantGroup::ReadWriteFlag, argument.as_unsigned());
    case ParameterKind::SpliceFlags:
      return write_flags(out, ConstantGroup::SpliceFlag, argument.as_unsigned());
    case ParameterKind::OpenFlags:
      return write_flags(out, ConstantGroup::OpenFlag, argument.as_unsigned());
    case ParameterKind::CloseRangeFlags:
      return write_flags(out, ConstantGroup::CloseRangeFlag, argument.as_unsigned());
    case ParameterKind::CloneFlags:
      return write_flags(out, ConstantGroup::CloneFlag, argument.as_unsigned());
    case ParameterKind::LoadFlags:
      return write_flags(out, ConstantGroup::LoadFlag, argument.as_unsigned());
    case ParameterKind::FcntlOperation:
      return write_constant(out, ConstantGroup::FcntlOperation, argument.as_unsigned());
    case ParameterKind::FcntlArgument:
      return write_fcntl_argument(argument);
    case ParameterKind::IoctlOperation:
      return write_constant(out, ConstantGroup::IoctlRequest, argument.as_unsigned());
    case ParameterKind::IoctlArgument:
      return write_ioctl_argument(argument);
    case ParameterKind::EpollFlags:
      return write_flags(out, ConstantGroup::EpollFlag, argument.as_unsigned());
    case ParameterKind::EpollOperation:
      return write_constant(out, ConstantGroup::EpollOperation, argument.as_unsigned());
    case ParameterKind::AddressIn:
    case ParameterKind::AddressOut:
      return write_address_argument(argument);
    case ParameterKind::AddressLengthInOut:
    case ParameterKind::OptionLengthInOut:
      return write_lengths(argument);
    case ParameterKind::BytesIn:
    case ParameterKind::BytesOut:
      return write_bytes(argument);
    case ParameterKind::VectorIn:
    case ParameterKind::VectorOut:
      return write_vector(argument);
    case ParameterKind::MessageIn:
    case ParameterKind::MessageOut:
      return write_message(argument);
    case ParameterKind::MessagesIn:
    case ParameterKind::MessagesOut:
      return write_messages(argument);
    case ParameterKind::OptionIn:
    case ParameterKind::OptionOut:
      return write_option(argument);
    case ParameterKind::FdPairOut:
      return write_descriptor_pair(argument);
    case ParameterKind::PollFds:
      return write_poll_fds(argument);
    case ParameterKind::FdSet:
      return write_fd_set(argument);
    case ParameterKind::TimevalInOut:
      return write_times<timeval>(argument);
    case ParameterKind::TimespecIn:
      return write_time_in(argument);
    case ParameterKind::TimespecInOut:
      return write_times<timespec>(argument);
    case ParameterKind::SignalSet:
      return write_signal_set(argument);
    case ParameterKind::EpollEventIn:
      return write_epoll_event(argument);
    case ParameterKind::EpollEventsOut:
      return write_epoll_events(argument);
    case ParameterKind::OffsetInOut:
      return write_offsets(argument);
    case ParameterKind::String:
      return write_string(argument);
    case ParameterKind::Strings:
      return write_strings(argument);
    case ParameterKind::Environment:
      return write_number_at<uint32_t>(argument);
    case ParameterKind::AddrinfoHints:
      return write_addrinfo_hints(argument);
    case ParameterKind::AddrinfoOut:
      return write_addrinfo(argument);
    case ParameterKind::HostentOut:
      return write_host_addresses(argument);
    case ParameterKind::PidOut:
      return write_number_at<int32_t>(argument);
  }
}

}  // namespace wireseam::json
