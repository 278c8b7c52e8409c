// SPDX-License-Identifier: Apache-2.0
// The arrays that a call is given and answers in: poll(2)'s and sendmmsg(2)'s. Where others could
// change them during the call there are two of them, and what was given counts.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tracer/trace/bytes.h"
#include "tracer/trace/event.h"

namespace wireseam {

inline pollfd answered(pollfd given, const pollfd& after) {
  given.revents = after.revents;
  return given;
}

inline mmsghdr answered(mmsghdr given, const mmsghdr& after) {
  given.msg_len = after.msg_len;
  return given;
}

template <typename Item>
class GivenItems {
 public:
  GivenItems(const CallEvent& call, size_t parameter)
      : given_(readable(call.blobs.find(parameter, BlobPart::Given))),
        after_(readable(call.blobs.find(parameter))) {}

  bool known() const { return given_ || after_; }

  // How many were recorded.
  size_t size() const {
    return (given_ ? *given_ : after_.value_or(Bytes{})).size() / sizeof(Item);
  }

  // No value for those that were not.
  std::optional<Item> at(size_t index) const {
    const auto after = after_ ? read_at<Item>(*after_, index * sizeof(Item)) : std::nullopt;
    if (!given_) return after;
    const auto given = read_at<Item>(*given_, index * sizeof(Item));
    return given && after ? answered(*given, *after) : given;
  }

 private:
  using Bytes = std::span<const std::byte>;

  static std::optional<Bytes> readable(const std::optional<Blob>& blob) {
    return blob && blob->readable() ? std::optional(blob->bytes) : std::nullopt;
  }

  std::optional<Bytes> given_;
  std::optional<Bytes> after_;
};

// msg_len of a message of sendmmsg(2) or recvmmsg(2); no value where the kernel's answer was not
// recorded, or was overwritten before it was.
std::optional<uint64_t> message_length(const CallEvent& call, size_t parameter, size_t index);

// How much the buffers of a message hold; no value where that was not recorded.
std::optional<uint64_t> vector_size(const CallEvent& call, size_t parameter, size_t index);

}  // namespace wireseam
