// SPDX-License-Identifier: Apache-2.0
// cmsg(3), for a 64-bit layout.
#include "tracer/trace/control_message.h"

#include <sys/socket.h>

#include <algorithm>

#include "tracer/trace/bytes.h"

namespace wireseam {

std::optional<ControlMessage> next_control_message(std::span<const std::byte>& rest) {
  // cmsghdr itself ends in a flexible array, which no std::optional takes.
  const auto length = read_at<size_t>(rest, offsetof(cmsghdr, cmsg_len));
  const auto level = read_at<int>(rest, offsetof(cmsghdr, cmsg_level));
  const auto type = read_at<int>(rest, offsetof(cmsghdr, cmsg_type));
  if (!length || !level || !type || *length < sizeof(cmsghdr)) return std::nullopt;
  const size_t end = std::min(*length, rest.size());
  const ControlMessage message{.length = *length,
                               .level = *level,
                               .type = *type,
                               .data = rest.first(end).subspan(sizeof(cmsghdr))};
  rest = rest.subspan(std::min(CMSG_ALIGN(end), rest.size()));
  return message;
}

}  // namespace wireseam
