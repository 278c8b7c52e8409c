// SPDX-License-Identifier: Apache-2.0
// struct tcp_info (linux/tcp.h) as a table. Its fields lie one after the other without gaps and
// each kernel adds some, so names and widths read what any of them gives, known to this machine's
// headers or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace wireseam {

struct TcpInfoField {
  std::string_view name;
  size_t width;          // in bytes: 2, 4 or 8
  bool notable = false;  // among those that are looked at most
};

// The fields behind the first eight bytes.
std::span<const TcpInfoField> tcp_info_fields();

// The first eight bytes, which are smaller fields and bit fields.
inline constexpr size_t kTcpInfoHeadSize = 8;

struct TcpInfoHead {
  uint8_t state;
  uint8_t ca_state;
  uint8_t retransmits;
  uint8_t probes;
  uint8_t backoff;
  uint8_t options;
  uint8_t snd_wscale;
  uint8_t rcv_wscale;
  uint8_t delivery_rate_app_limited;
  uint8_t fastopen_client_fail;
};

// `bytes` must be kTcpInfoHeadSize long at least.
TcpInfoHead tcp_info_head(std::span<const std::byte> bytes);

// The field's value, which must lie within the bytes.
uint64_t tcp_info_value(std::span<const std::byte> bytes, size_t offset, const TcpInfoField& field);

}  // namespace wireseam
