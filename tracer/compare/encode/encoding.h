// SPDX-License-Identifier: Apache-2.0
// A call of a strace log on its way to becoming the event that a trace would have of it: the
// argument words and the blobs that its parameters bring (docs/trace-format.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "tracer/compare/encode/value_reader.h"
#include "tracer/compare/log_call.h"
#include "tracer/trace/event.h"

namespace wireseam {

// Stands for a pointer that strace followed, and so did not show.
inline constexpr uint64_t kFollowedPointer = ~uint64_t{0};

class Encoding {
 public:
  // `log` must live as long as this.
  Encoding(const CallInfo& info, const LogCall& log);

  // The arguments that are there, the result, and the blobs. The event's blobs point into this.
  const CallEvent& call();

  const LogCall& log() const { return log_; }
  const CallInfo& info() const { return *call_.info; }
  bool failed() const { return call_.failed(); }
  ValueReader& reader() { return reader_; }

  // What strace showed of that argument; nullptr where the call ended before it.
  const LogValue* value(size_t parameter) const;

  uint64_t argument(size_t parameter) const { return call_.arguments[parameter]; }
  void set_argument(size_t parameter, uint64_t argument) { call_.arguments[parameter] = argument; }

  // Sets the argument to the pointer that is shown, or to kFollowedPointer. Whether it was
  // followed, so that there is something to encode.
  bool follow(size_t parameter);

  void add(size_t parameter, BlobPart part, std::span<const std::byte> bytes, uint64_t total,
           size_t index = 0);
  void add(size_t parameter, BlobPart part, std::span<const std::byte> bytes) {
    add(parameter, part, bytes, bytes.size());
  }
  template <typename T>
  void add_value(size_t parameter, BlobPart part, const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    add(parameter, part, std::as_bytes(std::span(&value, 1)));
  }

  // Something that the call moved was not shown.
  void mark_incomplete() { call_.flags |= kFlagBlobsLost; }

 private:
  void encode_notes();
  void encode_note(uint64_t descriptor, std::string_view note);

  const LogCall& log_;
  CallEvent call_;
  ValueReader reader_;
  std::vector<std::byte> blobs_;
};

// One parameter, by its kind: the inverse of tracer/trace/text/parameter.cc.
void encode_parameter(Encoding& encoding, size_t parameter);

}  // namespace wireseam
