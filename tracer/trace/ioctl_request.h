// SPDX-License-Identifier: Apache-2.0
// The ioctl(2) requests that sockets know (socket(7), tcp(7), netdevice(7)), and what their
// argument points at.
#pragma once

#include <cstdint>
#include <string_view>

namespace wireseam {

// An int, or the field of struct ifreq that the request is about.
enum class IoctlShape : uint8_t { Int, Address, Flags, Index, Hardware, Name };

enum class IoctlWay : uint8_t { In, Out };

struct IoctlRequest {
  uint64_t number;
  IoctlShape shape;
  IoctlWay way;
  std::string_view field;  // of struct ifreq
};

// nullptr for a request without a row.
const IoctlRequest* find_ioctl(uint64_t number);

}  // namespace wireseam
