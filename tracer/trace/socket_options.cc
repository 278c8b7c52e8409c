// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/socket_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

void note_tcp_option(uint64_t option, int value, SocketOptions& options) {
  if (option == TCP_NODELAY) options.no_delay = value != 0;
  if (option == TCP_CORK) options.corked = value != 0;
  if (option == TCP_DEFER_ACCEPT) options.defers_accept = value != 0;
  if (option == TCP_ULP) options.other_layer = true;
}

// Four bytes or eight of it (socket(7)); all ones are no limit.
uint64_t pacing_rate(std::span<const std::byte> bytes, uint32_t narrow) {
  const uint64_t rate = read_at<uint64_t>(bytes).value_or(narrow);
  return rate == UINT64_MAX || rate == UINT32_MAX ? 0 : rate;
}

void note_socket_option(uint64_t option, std::span<const std::byte> bytes, int value,
                        SocketOptions& options) {
  if (option == SO_SNDBUF || option == SO_SNDBUFFORCE) options.has_send_buffer = true;
  if (option == SO_BROADCAST) options.broadcasts = value != 0;
  if (option == SO_RCVLOWAT) options.low_water = static_cast<uint32_t>(std::max(value, 1));
  if (option == SO_MAX_PACING_RATE)
    options.pacing_rate = pacing_rate(bytes, static_cast<uint32_t>(value));
  const auto wait = read_at<linger>(bytes);
  if (option == SO_LINGER && wait)
    options.resets_at_close = wait->l_onoff != 0 && wait->l_linger == 0;
}

}  // namespace

OptionUse option_use(const CallEvent& call) {
  return call.number == CallNumber::getsockopt ? OptionUse::Get : OptionUse::Set;
}

std::optional<ConstantGroup> option_group(const CallEvent& call) {
  using enum ConstantGroup;
  struct UseGroup {
    ConstantGroup general;
    ConstantGroup get;
    ConstantGroup set;
  };
  static constexpr UseGroup kUses[] = {
      {SocketOption, SocketOptionGet, SocketOption},
      {IpOption, IpOptionGet, IpOptionSet},
      {Ipv6Option, Ipv6OptionGet, Ipv6OptionSet},
  };
  const auto general = option_group(static_cast<uint32_t>(call.arguments[1]));
  if (!general) return std::nullopt;
  const auto* row = std::ranges::find(kUses, *general, &UseGroup::general);
  if (row == std::end(kUses)) return general;
  const ConstantGroup group = option_use(call) == OptionUse::Get ? row->get : row->set;
  const auto option = static_cast<uint32_t>(call.arguments[2]);
  return constant_name(group, option).empty() ? general : group;
}

void note_option(const CallEvent& call, SocketOptions& options) {
  const auto bytes = call.blobs.find(3);
  const auto value = bytes ? read_at<int>(bytes->bytes) : std::nullopt;
  if (!value) return;
  if (call.arguments[1] == IPPROTO_UDP && call.arguments[2] == UDP_CORK)
    options.corked = *value != 0;
  if (call.arguments[1] == IPPROTO_TCP) note_tcp_option(call.arguments[2], *value, options);
  if (call.arguments[1] == SOL_SOCKET)
    note_socket_option(call.arguments[2], bytes->bytes, *value, options);
}

}  // namespace wireseam
