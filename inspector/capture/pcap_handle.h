// SPDX-License-Identifier: Apache-2.0
// Owns what libpcap gives.
#pragma once

#include <memory>

struct pcap;

namespace wireseam {

struct PcapClose {
  void operator()(pcap* handle) const;
};
using PcapHandle = std::unique_ptr<pcap, PcapClose>;

}  // namespace wireseam
