// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/tcp_info.h"

#include "tracer/trace/tcp_info.h"

namespace wireseam {
namespace {

void write_head(StructText& text, const TcpInfoHead& head) {
  text.field("tcpi_state").constant(ConstantGroup::TcpState, head.state);
  text.field("tcpi_ca_state").constant(ConstantGroup::TcpCongestionState, head.ca_state);
  text.field("tcpi_retransmits").number(head.retransmits);
  text.field("tcpi_probes").number(head.probes);
  text.field("tcpi_backoff").number(head.backoff);
  text.field("tcpi_options").flags(ConstantGroup::TcpInfoOption, head.options);
  text.field("tcpi_snd_wscale").number(head.snd_wscale);
  text.field("tcpi_rcv_wscale").number(head.rcv_wscale);
  text.field("tcpi_delivery_rate_app_limited").number(head.delivery_rate_app_limited);
  text.field("tcpi_fastopen_client_fail").number(head.fastopen_client_fail);
}

}  // namespace

void write_tcp_info(TextWriter& out, std::span<const std::byte> bytes) {
  if (bytes.size() < kTcpInfoHeadSize) return out.quoted_hex(bytes);
  StructText text(out);
  write_head(text, tcp_info_head(bytes));
  const bool verbose = !out.options().abbreviate;
  size_t offset = kTcpInfoHeadSize;
  for (const TcpInfoField& field : tcp_info_fields()) {
    if (offset + field.width > bytes.size()) break;
    if (verbose || field.notable)
      text.field(field.name).number(tcp_info_value(bytes, offset, field));
    offset += field.width;
  }
  if (!verbose || offset < bytes.size()) text.next().text("...");
}

}  // namespace wireseam
