// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/link_filters.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <utility>

#include "inspector/capture/link_type.h"
#include "inspector/capture/pcap_format.h"
#include "inspector/capture/pcap_handle.h"

namespace wireseam {
namespace {

constexpr uint32_t kLinkTypeEthernet = 1;

PcapHandle handle_of(uint32_t link_type) {
  return PcapHandle(pcap_open_dead(dlt_of(link_type), kMostCaptured));
}

}  // namespace

LinkFilters::LinkFilters(std::string text, const std::vector<uint32_t>& link_types)
    : text_(std::move(text)) {
  const bool any = std::ranges::any_of(
      link_types, [this](uint32_t link_type) { return filter_of(link_type) != nullptr; });
  if (any) return;
  const PcapHandle handle = handle_of(link_types.empty() ? kLinkTypeEthernet : link_types.front());
  const CaptureFilter throws_why(handle.get(), text_);
}

const CaptureFilter* LinkFilters::filter_of(uint32_t link_type) {
  auto known = filters_.find(link_type);
  if (known == filters_.end()) {
    const PcapHandle handle = handle_of(link_type);
    known = filters_.emplace(link_type, CaptureFilter::compile(handle.get(), text_)).first;
  }
  return known->second ? &*known->second : nullptr;
}

bool LinkFilters::pass(const RawPacket& packet) {
  const CaptureFilter* filter = filter_of(packet.link_type);
  if (filter == nullptr) return false;
  pcap_pkthdr header{};
  header.len = packet.wire_length;
  header.caplen = static_cast<uint32_t>(packet.bytes.size());
  const auto* bytes = reinterpret_cast<const u_char*>(packet.bytes.data());
  return pcap_offline_filter(filter->program(), &header, bytes) != 0;
}

}  // namespace wireseam
