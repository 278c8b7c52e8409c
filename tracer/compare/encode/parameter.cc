// SPDX-License-Identifier: Apache-2.0
// What a kind of parameter means in a strace log; capture, text and JSON have the same switch.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>

#include "tracer/compare/encode/parameters.h"

namespace wireseam {
namespace {

void encode_flags(Encoding& encoding, size_t parameter,
                  std::initializer_list<ConstantGroup> groups) {
  const LogValue* value = encoding.value(parameter);
  if (value != nullptr) encoding.set_argument(parameter, encoding.reader().flags(*value, groups));
}

void encode_directory(Encoding& encoding, size_t parameter) {
  const LogValue* value = encoding.value(parameter);
  if (value != nullptr && value->word == "AT_FDCWD")
    return encoding.set_argument(parameter, static_cast<uint64_t>(int64_t{AT_FDCWD}));
  encode_flags(encoding, parameter, {});
}

// The kernel has the protocol of AF_PACKET in the network's byte order.
void encode_protocol(Encoding& encoding, size_t parameter) {
  using enum ConstantGroup;
  const LogValue* value = encoding.value(parameter);
  if (value == nullptr) return;
  const uint64_t protocol = encoding.reader().call_argument(
      *value, {encoding.argument(0) == AF_NETLINK ? NetlinkProtocol : InetProtocol,
               BluetoothProtocol, CanProtocol, EthernetProtocol});
  const bool swapped = value->kind == LogValue::Kind::Call;
  encoding.set_argument(parameter, swapped ? htons(static_cast<uint16_t>(protocol)) : protocol);
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): a case for each kind, so that none is forgotten.
void encode_parameter(Encoding& encoding, size_t parameter) {
  using enum ConstantGroup;
  switch (encoding.info().parameters()[parameter].kind) {
    case ParameterKind::Int:
    case ParameterKind::Unsigned:
    case ParameterKind::Size:
    case ParameterKind::Offset:
    case ParameterKind::OptionLength:
    case ParameterKind::AddressLength:
    case ParameterKind::Fd:
    case ParameterKind::Stream:
      return encode_flags(encoding, parameter, {});
    case ParameterKind::DirectoryFd:
      return encode_directory(encoding, parameter);
    case ParameterKind::PathFlags:
      return encode_flags(encoding, parameter, {PathFlag});
    case ParameterKind::SocketDomain:
      return encode_flags(encoding, parameter, {AddressFamily});
    case ParameterKind::SocketType:
      return encode_flags(encoding, parameter, {SocketType, SocketFlag});
    case ParameterKind::SocketProtocol:
      return encode_protocol(encoding, parameter);
    case ParameterKind::SocketFlags:
      return encode_flags(encoding, parameter, {SocketFlag});
    case ParameterKind::ShutdownHow:
      return encode_flags(encoding, parameter, {ShutdownHow});
    case ParameterKind::MessageFlags:
      return encode_flags(encoding, parameter, {MessageFlag});
    case ParameterKind::OptionLevel:
      return encode_flags(encoding, parameter, {OptionLevel});
    case ParameterKind::OptionName:
      return encode_option_name(encoding, parameter);
    case ParameterKind::ReadWriteFlags:
      return encode_flags(encoding, parameter, {ReadWriteFlag});
    case ParameterKind::SpliceFlags:
      return encode_flags(encoding, parameter, {SpliceFlag});
    case ParameterKind::OpenFlags:
      return encode_flags(encoding, parameter, {OpenFlag});
    case ParameterKind::CloseRangeFlags:
      return encode_flags(encoding, parameter, {CloseRangeFlag});
    case ParameterKind::CloneFlags:
      return encode_flags(encoding, parameter, {CloneFlag});
    case ParameterKind::LoadFlags:
      return encode_flags(encoding, parameter, {LoadFlag});
    case ParameterKind::FcntlOperation:
      return encode_flags(encoding, parameter, {FcntlOperation});
    case ParameterKind::FcntlArgument:
      return encode_fcntl_argument(encoding, parameter);
    case ParameterKind::IoctlOperation:
      return encode_ioctl_request(encoding, parameter);
    case ParameterKind::IoctlArgument:
      return encode_ioctl_argument(encoding, parameter);
    case ParameterKind::EpollFlags:
      return encode_flags(encoding, parameter, {EpollFlag});
    case ParameterKind::EpollOperation:
      return encode_flags(encoding, parameter, {EpollOperation});
    case ParameterKind::AddressIn:
      return encode_address_in(encoding, parameter);
    case ParameterKind::AddressOut:
      return encode_address_out(encoding, parameter);
    case ParameterKind::AddressLengthInOut:
    case ParameterKind::OptionLengthInOut:
      return encode_length_in_out(encoding, parameter);
    case ParameterKind::BytesIn:
      return encode_bytes_in(encoding, parameter);
    case ParameterKind::BytesOut:
      return encode_bytes_out(encoding, parameter);
    case ParameterKind::VectorIn:
    case ParameterKind::VectorOut:
      return encode_vector(encoding, parameter);
    case ParameterKind::MessageIn:
    case ParameterKind::MessageOut:
      return encode_message(encoding, parameter);
    case ParameterKind::MessagesIn:
    case ParameterKind::MessagesOut:
      return encode_messages(encoding, parameter);
    case ParameterKind::OptionIn:
    case ParameterKind::OptionOut:
      return encode_option_value(encoding, parameter);
    case ParameterKind::FdPairOut:
      return encode_descriptor_pair(encoding, parameter);
    case ParameterKind::PollFds:
      return encode_poll_fds(encoding, parameter);
    case ParameterKind::FdSet:
      return encode_fd_set(encoding, parameter);
    case ParameterKind::TimevalInOut:
      return encode_timeval(encoding, parameter);
    case ParameterKind::TimespecIn:
    case ParameterKind::TimespecInOut:
      return encode_timespec(encoding, parameter);
    case ParameterKind::SignalSet:
      return encode_signal_set(encoding, parameter);
    case ParameterKind::EpollEventIn:
      return encode_epoll_event(encoding, parameter);
    case ParameterKind::EpollEventsOut:
      return encode_epoll_events(encoding, parameter);
    case ParameterKind::OffsetInOut:
      return encode_offset_in_out(encoding, parameter);
    case ParameterKind::String:
      return encode_string(encoding, parameter);
    case ParameterKind::Strings:
      return encode_strings(encoding, parameter);
    case ParameterKind::Environment:
      return encode_environment(encoding, parameter);
    case ParameterKind::Address:
    case ParameterKind::AddrinfoHints:
    case ParameterKind::AddrinfoOut:
    case ParameterKind::HostentOut:
    case ParameterKind::PidOut:
      // Of calls that no single system call is behind.
      return;
  }
}

}  // namespace wireseam
