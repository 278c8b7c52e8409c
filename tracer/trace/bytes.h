// SPDX-License-Identifier: Apache-2.0
// Bounds-checked reading of plain structs and numbers, in the machine's byte order, out of bytes
// that may be anything.
#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace wireseam {

// The T at that offset; no value where the bytes end before it does.
template <typename T>
std::optional<T> read_at(std::span<const std::byte> bytes, size_t offset = 0) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace wireseam
