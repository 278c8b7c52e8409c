// SPDX-License-Identifier: Apache-2.0
// What a pcapng file tells of an interface, in its description and its statistics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "inspector/capture/packet_source.h"
#include "inspector/capture/pcapng_clock.h"
#include "inspector/capture/pcapng_fields.h"

namespace wireseam {

struct PcapngInterface {
  uint32_t link_type = 0;
  uint32_t snapshot_length = 0;  // 0: none
  std::string name{};            // the beginning of a long one; empty: unknown
  PcapngClock clock{};
  CaptureDrops drops{};
};

// Of the body of an interface description, which has its fields. No value: an option goes beyond
// its end.
std::optional<PcapngInterface> read_interface(const PcapngFields& body);

// Sets the drops from the options of interface statistics, where they are told. False: as above.
bool read_drops(const PcapngFields& options, CaptureDrops& drops);

}  // namespace wireseam
