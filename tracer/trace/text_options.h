// SPDX-License-Identifier: Apache-2.0
// How calls are shown as text: strace's options, by what they mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace wireseam {

// Which side of a call is shown.
enum class View : uint8_t {
  Libc,     // the function that the program called, with its parameters
  Syscall,  // the system call behind it, as strace 6.1 prints it; calls without one are left out
};

// Which strings are shown in hexadecimal escapes, whole.
enum class HexStrings : uint8_t {
  None,
  NonAscii,  // -x: those with bytes that are neither printable nor white space
  All,       // -xx
};

// What a descriptor brings with it.
enum class DescriptorDetail : uint8_t {
  Number,   // 3
  Socket,   // -y: 3<socket:[1234]>
  Address,  // -yy: 3<TCP:[127.0.0.1:8080->127.0.0.1:40000]>
};

// Where a line names its thread.
enum class ThreadPrefix : uint8_t {
  None,       // -ff: each thread has a file of its own
  Bracketed,  // [pid 1234] while more than one thread lives: on a terminal
  AlwaysBracketed,
  Always,  // 1234: in a file
};

// What a line's time is told as. Digits after the point: 0, 3, 6 or 9.
enum class TimeOfDay : uint8_t {
  None,
  Clock,  // -t, -tt: 12:34:56.123456, local time
  Epoch,  // -ttt: 1700000000.123456
};

struct TextOptions {
  View view = View::Libc;
  size_t string_limit = 32;  // -s: bytes shown of a string, elements shown of an array
  HexStrings hex_strings = HexStrings::None;
  bool abbreviate = true;  // false is -v: arrays are shown whole
  bool parameter_names = false;
  bool color = false;
  size_t result_column = 40;  // -a: where " = " begins
  DescriptorDetail descriptors = DescriptorDetail::Number;
  std::map<uint32_t, std::string> interfaces;  // if_nameindex(3) of the traced host, if at hand

  ThreadPrefix thread_prefix = ThreadPrefix::Bracketed;
  TimeOfDay time_of_day = TimeOfDay::None;
  int time_digits = 0;
  bool relative_time = false;  // -r: since the line before
  int relative_digits = 6;
  bool syscall_numbers = false;  // -n: [  42] before the call
  bool durations = false;        // -T: <0.000123> behind the result
  int duration_digits = 6;

  // A call that is still running is begun on the last line when nothing else is at hand and it has
  // waited for so long: 0 on a terminal. Without a value it is shown when something else must be.
  std::optional<uint64_t> show_running_after_ns;
  bool show_process_starts = true;  // -q turns them off
  bool show_exits = true;           // -qq
};

}  // namespace wireseam
