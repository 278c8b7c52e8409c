// SPDX-License-Identifier: Apache-2.0
// constants.def, expanded into one array in which the rows of a group are neighbours.
#include "tracer/trace/constants.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace wireseam {
namespace {

constexpr Constant kConstants[] = {
#define CONSTANT(group, name, value) \
  {ConstantGroup::group, #name, static_cast<uint64_t>(int64_t{value})},
#include "tracer/trace/constants.def"
};

constexpr std::string_view kUnknownNames[] = {
#define GROUP(group, unknown) unknown,
#include "tracer/trace/constants.def"
};

struct Rows {
  size_t first = 0;
  size_t count = 0;
};

consteval auto rows_by_group() {
  std::array<Rows, std::size(kUnknownNames)> rows;
  for (size_t i = 0; i < std::size(kConstants); ++i) {
    Rows& group = rows[static_cast<size_t>(kConstants[i].group)];
    if (group.count == 0) group.first = i;
    if (group.first + group.count != i) throw "the rows of a group stand together";
    ++group.count;
  }
  return rows;
}

constexpr auto kRows = rows_by_group();

}  // namespace

std::span<const Constant> constants(ConstantGroup group) {
  const Rows& rows = kRows[static_cast<size_t>(group)];
  return std::span(kConstants).subspan(rows.first, rows.count);
}

std::string_view constant_name(ConstantGroup group, uint64_t value) {
  for (const Constant& constant : constants(group))
    if (constant.value == value) return constant.name;
  return {};
}

std::string_view unknown_name(ConstantGroup group) {
  return kUnknownNames[static_cast<size_t>(group)];
}

std::optional<ConstantGroup> option_group(uint64_t level) {
  using enum ConstantGroup;
  struct LevelGroup {
    std::string_view level;
    ConstantGroup group;
  };
  static constexpr LevelGroup kLevels[] = {
      {"SOL_SOCKET", SocketOption},   {"SOL_IP", IpOption},
      {"SOL_IPV6", Ipv6Option},       {"SOL_TCP", TcpOption},
      {"SOL_UDP", UdpOption},         {"SOL_RAW", RawOption},
      {"SOL_NETLINK", NetlinkOption}, {"SOL_PACKET", PacketOption},
      {"SOL_SCTP", SctpOption},       {"SOL_TLS", TlsOption},
      {"SOL_ALG", AlgOption},         {"AF_VSOCK", VsockOption},
      {"SOL_CAN_RAW", CanRawOption},  {"SOL_BLUETOOTH", BluetoothOption},
      {"SOL_XDP", XdpOption},         {"SOL_TIPC", TipcOption},
      {"SOL_RDS", RdsOption},
  };
  const std::string_view name = constant_name(OptionLevel, level);
  const auto* row = std::ranges::find(kLevels, name, &LevelGroup::level);
  if (row == std::end(kLevels)) return std::nullopt;
  return row->group;
}

}  // namespace wireseam
