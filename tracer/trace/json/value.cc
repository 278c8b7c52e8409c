// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/json/value.h"

#include <fcntl.h>

#include <algorithm>

#include "common/utf8.h"
#include "tracer/trace/bytes.h"

namespace wireseam::json {
namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto point = decode_utf8(text);
    if (!point) return false;
    text.remove_prefix(point->size);
  }
  return true;
}

}  // namespace

void write_pointer(JsonWriter& out, uint64_t address) {
  if (address == 0)
    out.null();
  else
    out.hex(address);
}

void write_constant(JsonWriter& out, ConstantGroup group, uint64_t value) {
  const std::string_view name = constant_name(group, value);
  if (name.empty())
    out.number(value);
  else
    out.string(name);
}

void write_option_constant(JsonWriter& out, ConstantGroup group, uint64_t value) {
  static constexpr std::string_view kOld = "_OLD";
  std::string_view name = constant_name(group, value);
  if (name.empty()) return out.number(value);
  if (name.ends_with(kOld)) name.remove_suffix(kOld.size());
  out.string(name);
}

void append_flags(JsonWriter& out, ConstantGroup group, uint64_t value) {
  for (const Constant& flag : constants(group)) {
    if (flag.value == 0 || (value & flag.value) != flag.value) continue;
    out.string(flag.name);
    value &= ~flag.value;
  }
  if (value != 0) out.hex(value);
}

void write_flags(JsonWriter& out, ConstantGroup group, uint64_t value) {
  const JsonArray array(out);
  append_flags(out, group, value);
}

void write_open_flags(JsonWriter& out, uint64_t value) {
  const JsonArray array(out);
  const uint64_t access = value & O_ACCMODE;
  write_constant(out, ConstantGroup::AccessMode, access);
  append_flags(out, ConstantGroup::OpenFlag, value & ~access);
}

void write_payload(JsonWriter& out, Bytes bytes, uint64_t total) {
  const JsonObject object(out);
  const std::string_view text = text_of(bytes);
  if (is_utf8(text))
    out.key("text").string(text);
  else
    out.key("base64").base64(bytes);
  out.key("length").number(total);
  if (bytes.size() < total) out.key("recorded").number(bytes.size());
}

void write_text(JsonWriter& out, Bytes bytes, uint64_t total) {
  const std::string_view text = text_of(bytes);
  if (text.size() < total || !is_utf8(text)) return write_payload(out, bytes, total);
  out.string(text);
}

void write_text_until_nul(JsonWriter& out, Bytes bytes) {
  const auto nul = std::find(bytes.begin(), bytes.end(), std::byte{0});
  bytes = bytes.first(static_cast<size_t>(nul - bytes.begin()));
  write_text(out, bytes, bytes.size());
}

void write_time(JsonWriter& out, const timeval& time) {
  const JsonObject object(out);
  out.key("tv_sec").number(time.tv_sec);
  out.key("tv_usec").number(time.tv_usec);
}

void write_time(JsonWriter& out, const timespec& time) {
  const JsonObject object(out);
  out.key("tv_sec").number(time.tv_sec);
  out.key("tv_nsec").number(time.tv_nsec);
}

}  // namespace wireseam::json
