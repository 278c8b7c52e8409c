// SPDX-License-Identifier: Apache-2.0
// One filter for packets of several link types: it is another program for each of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/raw_packet.h"
#include "inspector/capture/filter.h"

namespace wireseam {

class LinkFilters {
 public:
  // Throws Error where `text` is a filter for none of these link types; others may come.
  LinkFilters(std::string text, const std::vector<uint32_t>& link_types);

  // False also where the filter has no meaning for the packet's link type.
  bool pass(const RawPacket& packet);

 private:
  const CaptureFilter* filter_of(uint32_t link_type);

  std::string text_;
  std::map<uint32_t, std::optional<CaptureFilter>> filters_;
};

}  // namespace wireseam
