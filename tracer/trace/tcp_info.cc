// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/tcp_info.h"

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

constexpr TcpInfoField kFields[] = {
    {"tcpi_rto", 4, true},         {"tcpi_ato", 4},
    {"tcpi_snd_mss", 4, true},     {"tcpi_rcv_mss", 4, true},
    {"tcpi_unacked", 4, true},     {"tcpi_sacked", 4},
    {"tcpi_lost", 4, true},        {"tcpi_retrans", 4, true},
    {"tcpi_fackets", 4},           {"tcpi_last_data_sent", 4},
    {"tcpi_last_ack_sent", 4},     {"tcpi_last_data_recv", 4},
    {"tcpi_last_ack_recv", 4},     {"tcpi_pmtu", 4},
    {"tcpi_rcv_ssthresh", 4},      {"tcpi_rtt", 4, true},
    {"tcpi_rttvar", 4, true},      {"tcpi_snd_ssthresh", 4},
    {"tcpi_snd_cwnd", 4, true},    {"tcpi_advmss", 4},
    {"tcpi_reordering", 4},        {"tcpi_rcv_rtt", 4},
    {"tcpi_rcv_space", 4},         {"tcpi_total_retrans", 4, true},
    {"tcpi_pacing_rate", 8},       {"tcpi_max_pacing_rate", 8},
    {"tcpi_bytes_acked", 8, true}, {"tcpi_bytes_received", 8, true},
    {"tcpi_segs_out", 4},          {"tcpi_segs_in", 4},
    {"tcpi_notsent_bytes", 4},     {"tcpi_min_rtt", 4},
    {"tcpi_data_segs_in", 4},      {"tcpi_data_segs_out", 4},
    {"tcpi_delivery_rate", 8},     {"tcpi_busy_time", 8},
    {"tcpi_rwnd_limited", 8},      {"tcpi_sndbuf_limited", 8},
    {"tcpi_delivered", 4},         {"tcpi_delivered_ce", 4},
    {"tcpi_bytes_sent", 8},        {"tcpi_bytes_retrans", 8},
    {"tcpi_dsack_dups", 4},        {"tcpi_reord_seen", 4},
    {"tcpi_rcv_ooopack", 4},       {"tcpi_snd_wnd", 4},
    {"tcpi_rcv_wnd", 4},           {"tcpi_rehash", 4},
    {"tcpi_total_rto", 2},         {"tcpi_total_rto_recoveries", 2},
    {"tcpi_total_rto_time", 4},
};

}  // namespace

std::span<const TcpInfoField> tcp_info_fields() { return kFields; }

TcpInfoHead tcp_info_head(std::span<const std::byte> bytes) {
  const auto octet = [bytes](size_t i) { return std::to_integer<uint32_t>(bytes[i]); };
  const auto narrow = [](uint32_t value) { return static_cast<uint8_t>(value); };
  return {.state = narrow(octet(0)),
          .ca_state = narrow(octet(1)),
          .retransmits = narrow(octet(2)),
          .probes = narrow(octet(3)),
          .backoff = narrow(octet(4)),
          .options = narrow(octet(5)),
          .snd_wscale = narrow(octet(6) & 15),
          .rcv_wscale = narrow(octet(6) >> 4),
          .delivery_rate_app_limited = narrow(octet(7) & 1),
          .fastopen_client_fail = narrow(octet(7) >> 1 & 3)};
}

uint64_t tcp_info_value(std::span<const std::byte> bytes, size_t offset,
                        const TcpInfoField& field) {
  if (field.width == 2) return *read_at<uint16_t>(bytes, offset);
  if (field.width == 4) return *read_at<uint32_t>(bytes, offset);
  return *read_at<uint64_t>(bytes, offset);
}

}  // namespace wireseam
