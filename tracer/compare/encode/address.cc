// SPDX-License-Identifier: Apache-2.0
// Addresses, buffers, texts, and their lengths.
#include <algorithm>

#include "tracer/compare/encode/netlink.h"
#include "tracer/compare/encode/parameters.h"
#include "tracer/compare/encode/sockaddr.h"
#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

std::span<const std::byte> bytes_of(const LogValue& string) {
  return std::as_bytes(std::span(string.bytes));
}

// Adds a buffer. `length`: how much there was, where not all of it is shown. Of one that strace has
// taken apart as much of the beginning is added as is certain.
void add_bytes(Encoding& encoding, size_t parameter, const LogValue& value, uint64_t length) {
  if (value.kind == LogValue::Kind::String)
    return encoding.add(parameter, BlobPart::Value, bytes_of(value),
                        value.cut ? length : value.bytes.size());
  std::string bytes = netlink_bytes(value);
  bytes.resize(std::min<uint64_t>(bytes.size(), length));
  encoding.add(parameter, BlobPart::Value, std::as_bytes(std::span(bytes)), length);
}

// What the next argument, the length, says; no value where the call ended before it.
std::optional<uint64_t> next_number(const Encoding& encoding, size_t parameter) {
  const LogValue* next = encoding.value(parameter + 1);
  return next != nullptr ? number_of(next->word) : std::nullopt;
}

template <typename T>
void add_before_and_after(Encoding& encoding, size_t parameter, const LogValue& value) {
  ValueReader& reader = encoding.reader();
  const auto before = static_cast<T>(reader.number(value));
  encoding.add_value(parameter, BlobPart::Before, before);
  if (encoding.failed()) return;
  const auto after = value.after.empty() ? before : static_cast<T>(reader.number(value.after[0]));
  encoding.add_value(parameter, BlobPart::Value, after);
}

}  // namespace

void encode_address_in(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  auto bytes = encode_sockaddr(encoding.reader(), *encoding.value(parameter));
  const uint64_t length = next_number(encoding, parameter).value_or(bytes.size());
  bytes.resize(std::min<uint64_t>(length, kMaxSockaddr));
  encoding.add(parameter, BlobPart::Value, bytes, length);
}

void encode_address_out(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& address = *encoding.value(parameter);
  if (address.kind != LogValue::Kind::Struct) return;
  encoding.add(parameter, BlobPart::Value, encode_sockaddr(encoding.reader(), address));
}

// [128 => 16], [16]
void encode_length_in_out(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& value = *encoding.value(parameter);
  if (value.items.size() != 1) return encoding.reader().fail("no length");
  add_before_and_after<int32_t>(encoding, parameter, value.items[0]);
}

void encode_bytes_in(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& bytes = *encoding.value(parameter);
  const uint64_t length = next_number(encoding, parameter).value_or(bytes.bytes.size());
  add_bytes(encoding, parameter, bytes, length);
}

// More arrives than there is room for where MSG_TRUNC is set.
void encode_bytes_out(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& bytes = *encoding.value(parameter);
  const uint64_t room = next_number(encoding, parameter).value_or(bytes.bytes.size());
  const uint64_t arrived = std::min(static_cast<uint64_t>(encoding.log().result), room);
  add_bytes(encoding, parameter, bytes, arrived);
}

void encode_descriptor_pair(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& pair = *encoding.value(parameter);
  if (pair.items.size() != 2) return encoding.reader().fail("no pair of descriptors");
  const int32_t descriptors[] = {static_cast<int32_t>(encoding.reader().number(pair.items[0])),
                                 static_cast<int32_t>(encoding.reader().number(pair.items[1]))};
  encoding.add_value(parameter, BlobPart::Value, descriptors);
}

// [0] => [100], and [0] where it is not shown what became of it.
void encode_offset_in_out(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& value = *encoding.value(parameter);
  if (value.items.size() != 1) return encoding.reader().fail("no offset");
  ValueReader& reader = encoding.reader();
  const auto before = static_cast<int64_t>(reader.number(value.items[0]));
  encoding.add_value(parameter, BlobPart::Before, before);
  const bool moved = !value.after.empty() && value.after[0].items.size() == 1;
  if (moved)
    encoding.add_value(parameter, BlobPart::Value,
                       static_cast<int64_t>(reader.number(value.after[0].items[0])));
}

void encode_string(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& string = *encoding.value(parameter);
  const size_t size = string.bytes.size();
  encoding.add(parameter, BlobPart::Value, bytes_of(string), string.cut ? size + 1 : size);
}

void encode_strings(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& strings = *encoding.value(parameter);
  for (size_t i = 0; i < strings.items.size(); ++i) {
    const LogValue& string = strings.items[i];
    const size_t size = string.bytes.size();
    encoding.add(parameter, BlobPart::Value, bytes_of(string), string.cut ? size + 1 : size, i);
  }
  if (strings.cut) encoding.mark_incomplete();
}

// 0x7ffe1000 /* 23 vars */
void encode_environment(Encoding& encoding, size_t parameter) {
  if (encoding.follow(parameter)) return;
  const LogValue* value = encoding.value(parameter);
  if (value == nullptr) return;
  const auto count = number_of(value->comment.substr(0, value->comment.find(' ')));
  if (count) encoding.add_value(parameter, BlobPart::Value, static_cast<uint32_t>(*count));
}

}  // namespace wireseam
