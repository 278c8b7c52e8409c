// SPDX-License-Identifier: Apache-2.0
// Numbers, names and strings in strace's notation.
#include "tracer/trace/text/writer.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>

#include "tracer/trace/socket_table.h"
#include "tracer/trace/text/socket_note.h"

namespace wireseam {
namespace {

using Digits = std::array<char, 24>;

std::string_view digits_of(auto value, int base, Digits& digits) {
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  return {digits.data(), static_cast<size_t>(end - digits.data())};
}

std::string_view color_code(TextColor color) {
  switch (color) {
    case TextColor::Call:
      return "\x1b[1m";
    case TextColor::String:
      return "\x1b[32m";
    case TextColor::Failure:
      return "\x1b[31m";
    case TextColor::Note:
      return "\x1b[2m";
  }
  return {};
}

}  // namespace

void TextWriter::decimal(int64_t value) {
  Digits digits;
  out_ += digits_of(value, 10, digits);
}

void TextWriter::number(uint64_t value) {
  Digits digits;
  out_ += digits_of(value, 10, digits);
}

void TextWriter::hex(uint64_t value) {
  Digits digits;
  if (value != 0) out_ += "0x";
  out_ += digits_of(value, 16, digits);
}

void TextWriter::padded_hex(uint64_t value, size_t width) {
  Digits digits;
  const std::string_view text = digits_of(value, 16, digits);
  // printf's %#0*x: a zero has no 0x, and the 0x counts in the width.
  if (value != 0) out_ += "0x";
  const size_t used = text.size() + (value != 0 ? 2 : 0);
  out_.append(width > used ? width - used : 0, '0');
  out_ += text;
}

void TextWriter::pointer(uint64_t address) {
  if (address == 0) return text("NULL");
  hex(address);
}

void TextWriter::comment(std::string_view comment) {
  out_ += " /* ";
  out_ += comment;
  out_ += " */";
}

void TextWriter::constant(ConstantGroup group, uint64_t value) {
  constant(group, value, unknown_name(group));
}

void TextWriter::constant(ConstantGroup group, uint64_t value, std::string_view unknown) {
  const std::string_view name = constant_name(group, value);
  if (!name.empty()) return text(name);
  hex(value);
  if (!unknown.empty()) comment(unknown);
}

void TextWriter::option_name(ConstantGroup group, uint64_t value) {
  static constexpr std::string_view kOld = "_OLD";
  const std::string_view name = constant_name(group, value);
  if (as_syscall() || !name.ends_with(kOld)) return constant(group, value);
  text(name.substr(0, name.size() - kOld.size()));
}

void TextWriter::flags(ConstantGroup group, uint64_t value) {
  if (!flag_list(group, value) && value != 0) comment(unknown_name(group));
}

bool TextWriter::flag_list(ConstantGroup group, uint64_t value) {
  uint64_t rest = value;
  for (const Constant& flag : constants(group)) {
    if (rest == 0) break;
    if (flag.value == 0 || (rest & flag.value) != flag.value) continue;
    if (rest != value) out_ += '|';
    out_ += flag.name;
    rest &= ~flag.value;
  }
  const bool named = rest != value;
  if (rest == 0 && named) return true;
  if (named) out_ += '|';
  hex(rest);
  return named;
}

void TextWriter::interface(uint32_t index) {
  const auto name = options_.interfaces.find(index);
  if (name == options_.interfaces.end()) return number(index);
  out_ += "if_nametoindex(";
  quoted(std::as_bytes(std::span(name->second)));
  out_ += ')';
}

void TextWriter::inet_address(std::span<const std::byte> address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, address.data(), text.data(), text.size());
  out_ += "inet_addr(";
  quoted_until_nul(std::as_bytes(std::span(text)));
  out_ += ')';
}

void TextWriter::inet6_address(std::span<const std::byte> address, std::string_view name) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  out_ += "inet_pton(AF_INET6, ";
  quoted_until_nul(std::as_bytes(std::span(text)));
  out_ += ", &";
  out_ += name;
  out_ += ')';
}

void TextWriter::begin(TextColor color) {
  if (options_.color) out_ += color_code(color);
}

void TextWriter::end_color() {
  if (options_.color) out_ += "\x1b[0m";
}

const Socket* TextWriter::socket(int fd) const {
  return sockets_ != nullptr ? sockets_->find(process_, tid_, fd) : nullptr;
}

void TextWriter::descriptor(int fd) {
  decimal(fd);
  if (options_.descriptors == DescriptorDetail::Number) return;
  const Socket* known = socket(fd);
  if (known == nullptr) return;
  out_ += '<';
  write_socket_note(*this, *known, options_.descriptors);
  out_ += '>';
}

bool begin_element(TextWriter& out, size_t index) {
  out.text(index == 0 ? "[" : ", ");
  if (!out.options().abbreviate || index < out.options().string_limit) return true;
  out.text("...");
  return false;
}

}  // namespace wireseam
