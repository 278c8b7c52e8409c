// SPDX-License-Identifier: Apache-2.0
// One argument of a call, with the blobs that it brought: what the functions that write a kind of
// parameter as JSON work on. Where a blob is missing or too short the pointer is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tracer/trace/bytes.h"
#include "tracer/trace/event.h"
#include "tracer/trace/json/value.h"

namespace wireseam::json {

struct Argument {
  JsonWriter& out;
  const CallEvent& call;
  size_t index;

  uint64_t value() const { return call.arguments[index]; }
  int32_t as_int() const { return static_cast<int32_t>(value()); }
  uint32_t as_unsigned() const { return static_cast<uint32_t>(value()); }
  void pointer() const { write_pointer(out, value()); }

  // The argument `distance` before this one.
  Argument before(size_t distance) const { return {out, call, index - distance}; }

  // No value where it is missing or could not be read.
  std::optional<Blob> blob(BlobPart part = BlobPart::Value, size_t number = 0) const {
    const auto found = call.blobs.find(index, part, number);
    return found && found->readable() ? found : std::nullopt;
  }

  template <typename T>
  std::optional<T> read(BlobPart part = BlobPart::Value) const {
    const auto found = blob(part);
    return found ? read_at<T>(found->bytes) : std::nullopt;
  }
};

// {"before":16,"after":110} of what the call has changed; the pointer where neither is known.
// write(out, T) writes one of them.
template <typename T, typename Write>
void write_before_after(const Argument& argument, Write write) {
  const auto before = argument.read<T>(BlobPart::Before);
  const auto after = argument.read<T>();
  if (!before && !after) return argument.pointer();
  const JsonObject object(argument.out);
  if (before) write(argument.out.key("before"), *before);
  if (after) write(argument.out.key("after"), *after);
}

// Writes the value that fits the parameter's kind.
void write_argument(const Argument& argument, ParameterKind kind);

}  // namespace wireseam::json
