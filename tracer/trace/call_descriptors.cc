// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/call_descriptors.h"

#include <poll.h>

#include <climits>

#include "tracer/trace/given_items.h"

namespace wireseam {

std::vector<int> descriptors_in(const CallEvent& call, size_t parameter) {
  const ParameterKind kind = call.info->parameters()[parameter].kind;
  std::vector<int> descriptors;
  if (kind == ParameterKind::Fd || kind == ParameterKind::Stream)
    descriptors.push_back(static_cast<int>(call.arguments[parameter]));
  const auto blob =
      call.blobs.find(parameter, kind == ParameterKind::FdSet ? BlobPart::Before : BlobPart::Value);
  if (kind == ParameterKind::PollFds) {
    const GivenItems<pollfd> fds(call, parameter);
    for (size_t i = 0; i < fds.size(); ++i) descriptors.push_back(fds.at(i)->fd);
  }
  if (kind == ParameterKind::FdSet && blob)
    for (size_t bit = 0; bit < blob->bytes.size() * CHAR_BIT; ++bit)
      if ((std::to_integer<unsigned>(blob->bytes[bit / CHAR_BIT]) >> bit % CHAR_BIT & 1) != 0)
        descriptors.push_back(static_cast<int>(bit));
  return descriptors;
}

}  // namespace wireseam
