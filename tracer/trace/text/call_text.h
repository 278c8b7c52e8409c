// SPDX-License-Identifier: Apache-2.0
// A call as text, in three parts: what is known when it begins, what it filled, and its result.
// strace cuts a line there when another thread's call comes between.
#pragma once

#include <cstddef>
#include <string_view>

#include "tracer/trace/text/argument.h"

namespace wireseam {

class CallText {
 public:
  // All must live as long as this. The event is a call.
  CallText(TextWriter& out, const Event& event);

  // Whether the view has this call: that of system calls leaves those out that have none.
  static bool shows(View view, const CallEvent& call);

  // The name that the line begins with: recv, or recvfrom.
  std::string_view name() const;

  // How many arguments the first part has. One that is not known yet stays out of it: what the call
  // will fill, and, while it runs, what nobody has read.
  size_t known_at_entry() const;

  // Whether all arguments are known when the call begins.
  bool complete_at_entry() const { return known_at_entry() == count(); }

  // "recvfrom(3, "
  void write_entry();

  // "\"hello\", 5, 0, NULL, NULL)", where the first part had that many arguments.
  void write_exit(size_t already_written);

  // "= 5"
  void write_result();

 private:
  size_t count() const;
  bool is_output(size_t index) const;
  bool is_unread(size_t index) const;
  bool comma_comes_late(size_t cut) const;
  void write_argument(size_t index);
  void write_tail();
  void write_unknown_call();

  TextWriter& out_;
  const Event& event_;
  const CallEvent& call_;
};

}  // namespace wireseam
