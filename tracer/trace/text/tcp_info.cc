// SPDX-License-Identifier: Apache-2.0
// The fields of struct tcp_info (linux/tcp.h) lie one after the other without gaps, so a table of
// names and widths reads what any kernel gives, known to this machine's headers or not.
#include "tracer/trace/text/tcp_info.h"

#include <cstdint>
#include <string_view>

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

enum class Shown : uint8_t { Always, WhenVerbose };

struct Field {
  std::string_view name;
  size_t width;
  Shown shown = Shown::WhenVerbose;
};

// Behind the eight bytes that write_head shows.
constexpr size_t kHead = 8;

constexpr Field kFields[] = {
    {"tcpi_rto", 4, Shown::Always},
    {"tcpi_ato", 4},
    {"tcpi_snd_mss", 4, Shown::Always},
    {"tcpi_rcv_mss", 4, Shown::Always},
    {"tcpi_unacked", 4, Shown::Always},
    {"tcpi_sacked", 4},
    {"tcpi_lost", 4, Shown::Always},
    {"tcpi_retrans", 4, Shown::Always},
    {"tcpi_fackets", 4},
    {"tcpi_last_data_sent", 4},
    {"tcpi_last_ack_sent", 4},
    {"tcpi_last_data_recv", 4},
    {"tcpi_last_ack_recv", 4},
    {"tcpi_pmtu", 4},
    {"tcpi_rcv_ssthresh", 4},
    {"tcpi_rtt", 4, Shown::Always},
    {"tcpi_rttvar", 4, Shown::Always},
    {"tcpi_snd_ssthresh", 4},
    {"tcpi_snd_cwnd", 4, Shown::Always},
    {"tcpi_advmss", 4},
    {"tcpi_reordering", 4},
    {"tcpi_rcv_rtt", 4},
    {"tcpi_rcv_space", 4},
    {"tcpi_total_retrans", 4, Shown::Always},
    {"tcpi_pacing_rate", 8},
    {"tcpi_max_pacing_rate", 8},
    {"tcpi_bytes_acked", 8, Shown::Always},
    {"tcpi_bytes_received", 8, Shown::Always},
    {"tcpi_segs_out", 4},
    {"tcpi_segs_in", 4},
    {"tcpi_notsent_bytes", 4},
    {"tcpi_min_rtt", 4},
    {"tcpi_data_segs_in", 4},
    {"tcpi_data_segs_out", 4},
    {"tcpi_delivery_rate", 8},
    {"tcpi_busy_time", 8},
    {"tcpi_rwnd_limited", 8},
    {"tcpi_sndbuf_limited", 8},
    {"tcpi_delivered", 4},
    {"tcpi_delivered_ce", 4},
    {"tcpi_bytes_sent", 8},
    {"tcpi_bytes_retrans", 8},
    {"tcpi_dsack_dups", 4},
    {"tcpi_reord_seen", 4},
    {"tcpi_rcv_ooopack", 4},
    {"tcpi_snd_wnd", 4},
    {"tcpi_rcv_wnd", 4},
    {"tcpi_rehash", 4},
    {"tcpi_total_rto", 2},
    {"tcpi_total_rto_recoveries", 2},
    {"tcpi_total_rto_time", 4},
};

uint64_t number_at(std::span<const std::byte> bytes, size_t offset, size_t width) {
  if (width == 2) return *read_at<uint16_t>(bytes, offset);
  if (width == 4) return *read_at<uint32_t>(bytes, offset);
  return *read_at<uint64_t>(bytes, offset);
}

void write_head(StructText& text, std::span<const std::byte> bytes) {
  const auto octet = [&](size_t i) { return std::to_integer<uint8_t>(bytes[i]); };
  text.field("tcpi_state").constant(ConstantGroup::TcpState, octet(0));
  text.field("tcpi_ca_state").constant(ConstantGroup::TcpCongestionState, octet(1));
  text.field("tcpi_retransmits").number(octet(2));
  text.field("tcpi_probes").number(octet(3));
  text.field("tcpi_backoff").number(octet(4));
  text.field("tcpi_options").flags(ConstantGroup::TcpInfoOption, octet(5));
  text.field("tcpi_snd_wscale").number(octet(6) & 15);
  text.field("tcpi_rcv_wscale").number(octet(6) >> 4);
  text.field("tcpi_delivery_rate_app_limited").number(octet(7) & 1);
  text.field("tcpi_fastopen_client_fail").number(octet(7) >> 1 & 3);
}

}  // namespace

void write_tcp_info(TextWriter& out, std::span<const std::byte> bytes) {
  if (bytes.size() < kHead) return out.quoted_hex(bytes);
  StructText text(out);
  write_head(text, bytes);
  const bool verbose = !out.options().abbreviate;
  size_t offset = kHead;
  for (const Field& field : kFields) {
    if (offset + field.width > bytes.size()) break;
    if (verbose || field.shown == Shown::Always)
      text.field(field.name).number(number_at(bytes, offset, field.width));
    offset += field.width;
  }
  if (!verbose || offset < bytes.size()) text.next().text("...");
}

}  // namespace wireseam
