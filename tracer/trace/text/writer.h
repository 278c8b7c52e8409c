// SPDX-License-Identifier: Apache-2.0
// Appends to a line what all parts of a call's text are made of: numbers, pointers, names of
// constants, strings, structures. Writes in strace's notation; knows nothing of calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tracer/trace/constants.h"
#include "tracer/trace/text_options.h"

namespace wireseam {

class SocketTable;
struct Socket;

enum class TextColor : uint8_t { Call, String, Failure, Note };

class TextWriter {
 public:
  // All must live as long as the writer. `sockets` may be nullptr, else it knows the descriptors of
  // that process's thread.
  TextWriter(std::string& out, const TextOptions& options, const SocketTable* sockets = nullptr,
             uint32_t process = 0, uint32_t tid = 0)
      : out_(out), options_(options), sockets_(sockets), process_(process), tid_(tid) {}

  const TextOptions& options() const { return options_; }
  bool as_syscall() const { return options_.view == View::Syscall; }

  void text(std::string_view text) { out_ += text; }
  void decimal(int64_t value);
  void number(uint64_t value);
  void hex(uint64_t value);                       // 0x1f, and 0
  void padded_hex(uint64_t value, size_t width);  // 0x000001, and 00000000
  void pointer(uint64_t address);                 // NULL or 0x7ffe1000

  // " /* comment */"
  void comment(std::string_view comment);

  // A name, or the number in hexadecimal with what a nameless value is called: 0x63 /* AF_??? */.
  void constant(ConstantGroup group, uint64_t value);
  void constant(ConstantGroup group, uint64_t value, std::string_view unknown);

  // The same for names of socket options: libc's is without the _OLD that the kernel knows it by.
  void option_name(ConstantGroup group, uint64_t value);

  // A|B|0x40; 0 where no bit is set; 0x40 /* MSG_??? */ where no bit has a name.
  void flags(ConstantGroup group, uint64_t value);

  // The same without a comment; false where no bit has a name.
  bool flag_list(ConstantGroup group, uint64_t value);

  // The bytes in quotes and escaped, whole.
  void quoted(std::span<const std::byte> bytes);

  // The bytes before the first NUL; all of them where there is none.
  void quoted_until_nul(std::span<const std::byte> bytes);

  // The same bytes as \x escapes, whatever they are.
  void quoted_hex(std::span<const std::byte> bytes);

  // A string of which at most -s bytes are shown, and "..." where `total` bytes are more than that.
  void string(std::span<const std::byte> bytes, uint64_t total);

  // The index of an interface: if_nametoindex("lo") where its name is known.
  void interface(uint32_t index);

  // An address as inet_addr("127.0.0.1") or, with the name of its field, inet_pton(AF_INET6, "::1",
  // &name). The size is that of the family.
  void inet_address(std::span<const std::byte> address);
  void inet6_address(std::span<const std::byte> address, std::string_view name);

  // The socket behind a descriptor; nullptr where it is none, or nobody asked for sockets.
  const Socket* socket(int fd) const;

  // A descriptor, with what the options want to know of it.
  void descriptor(int fd);

  void begin(TextColor color);
  void end_color();

 private:
  void escape(std::span<const std::byte> bytes);

  std::string& out_;
  const TextOptions& options_;
  const SocketTable* sockets_;
  uint32_t process_;
  uint32_t tid_;
};

// {name=..., name=...}: what is written after field() is the field's value.
class StructText {
 public:
  explicit StructText(TextWriter& out) : out_(out) { out_.text("{"); }
  StructText(const StructText&) = delete;
  StructText& operator=(const StructText&) = delete;
  ~StructText() { out_.text("}"); }

  TextWriter& field(std::string_view name) {
    next().text(name);
    out_.text("=");
    return out_;
  }

  // For what brings its name itself.
  TextWriter& next() {
    if (!first_) out_.text(", ");
    first_ = false;
    return out_;
  }

 private:
  TextWriter& out_;
  bool first_ = true;
};

// Whether an array's element at that index is still shown; if not, "..." was written for the rest.
// Begin with "[" or ", " as the index says.
bool begin_element(TextWriter& out, size_t index);

}  // namespace wireseam
