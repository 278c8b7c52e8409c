// SPDX-License-Identifier: Apache-2.0
// Files number link types by LINKTYPE_..., libpcap by DLT_... . On Linux the two differ for raw IP
// and for what nobody has any more.
#pragma once

#include <cstdint>

namespace wireseam {

inline constexpr int kDltRaw = 12;
inline constexpr uint32_t kLinkTypeRaw = 101;

inline uint32_t link_type_of(int dlt) {
  return dlt == kDltRaw ? kLinkTypeRaw : static_cast<uint32_t>(dlt);
}

inline int dlt_of(uint32_t link_type) {
  return link_type == kLinkTypeRaw ? kDltRaw : static_cast<int>(link_type);
}

}  // namespace wireseam
