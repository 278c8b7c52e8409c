// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/given_items.h"

#include <sys/uio.h>

namespace wireseam {
namespace {

uint64_t add_saturated(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

}  // namespace

std::optional<uint64_t> vector_size(const CallEvent& call, size_t parameter, size_t index) {
  const auto vector = call.blobs.find(parameter, BlobPart::Vector, index);
  if (!vector) return std::nullopt;
  uint64_t size = 0;
  for (size_t at = 0; const auto buffer = read_at<iovec>(vector->bytes, at); at += sizeof(iovec))
    size = add_saturated(size, buffer->iov_len);
  return size;
}

std::optional<uint64_t> message_length(const CallEvent& call, size_t parameter, size_t index) {
  const auto after = call.blobs.find(parameter);
  const auto header = after && after->readable()
                          ? read_at<mmsghdr>(after->bytes, index * sizeof(mmsghdr))
                          : std::nullopt;
  if (!call.blobs.find(parameter, BlobPart::Given))
    return header ? std::optional<uint64_t>(header->msg_len) : std::nullopt;
  const auto room = vector_size(call, parameter, index);
  if (header && room && header->msg_len <= *room) return header->msg_len;
  // The kernel sends no other message after one of which it took a part.
  return static_cast<int64_t>(index) + 1 < call.result ? room : std::nullopt;
}

}  // namespace wireseam
