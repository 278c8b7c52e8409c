// SPDX-License-Identifier: Apache-2.0
// One argument of a call, with the blobs that it brought: what the functions that write a kind of
// parameter work on. A blob may be missing, cut or of any length; then the pointer is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tracer/trace/bytes.h"
#include "tracer/trace/event.h"
#include "tracer/trace/text/writer.h"

namespace wireseam {

struct Argument {
  TextWriter& out;
  const Event& event;
  const CallEvent& call;
  size_t index;

  uint64_t value() const { return call.arguments[index]; }
  int as_int() const { return static_cast<int>(value()); }
  uint32_t as_unsigned() const { return static_cast<uint32_t>(value()); }

  // The argument that follows, the length of most pointers.
  Argument next() const { return {out, event, call, index + 1}; }

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

  void pointer() const { out.pointer(value()); }
};

}  // namespace wireseam
