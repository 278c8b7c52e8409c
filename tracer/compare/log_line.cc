// SPDX-License-Identifier: Apache-2.0
// The forms are those of strace's syscall_entering_decode, droptcb and printleader (strace.c).
#include "tracer/compare/log_line.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "tracer/trace/constants.h"

namespace wireseam {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kMaxTid = 4'194'304;  // PID_MAX_LIMIT of linux/threads.h

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_call_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
  });
}

// Takes parts from the front of a line.
class Front {
 public:
  explicit Front(std::string_view line) : rest_(line) {}

  std::string_view rest() const { return rest_; }
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  bool take(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  std::optional<uint64_t> number() {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return number;
  }

  // ".123456" in nanoseconds; 0 where there is none.
  uint64_t fraction_ns() {
    if (rest_.size() < 2 || rest_[0] != '.' || !is_digit(rest_[1])) return 0;
    rest_.remove_prefix(1);
    uint64_t ns = 0;
    for (uint64_t unit = kNsPerSecond / 10; !rest_.empty() && is_digit(rest_[0]); unit /= 10) {
      ns += unit * static_cast<uint64_t>(rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return ns;
  }

 private:
  std::string_view rest_;
};

// "[pid  1234] ", "1234  ", "1234<name> ": whose line it is.
std::optional<uint32_t> take_thread(Front& line) {
  Front ahead = line;
  const bool bracketed = ahead.take("[pid");
  ahead.skip_spaces();
  const auto tid = ahead.number();
  if (!tid || *tid > kMaxTid) return std::nullopt;
  if (ahead.take("<")) {
    const size_t end = ahead.rest().find('>');
    if (end == std::string_view::npos) return std::nullopt;
    ahead.take(ahead.rest().substr(0, end + 1));
  }
  if (!(bracketed ? ahead.take("] ") : ahead.take(" "))) return std::nullopt;
  ahead.skip_spaces();
  line = ahead;
  return static_cast<uint32_t>(*tid);
}

// "12:34:56.123456 ".
std::optional<LineTime> take_clock(Front& line) {
  Front ahead = line;
  uint64_t seconds = 0;
  for (int part = 0; part < 3; ++part) {
    if (part > 0 && !ahead.take(":")) return std::nullopt;
    const auto number = ahead.number();
    if (!number || *number > 60) return std::nullopt;
    seconds = seconds * 60 + *number;
  }
  const bool coarse = !ahead.rest().starts_with('.');
  const uint64_t ns = ahead.fraction_ns();
  if (!ahead.take(" ")) return std::nullopt;
  line = ahead;
  return LineTime{LineTime::Kind::Clock, seconds * kNsPerSecond + ns, coarse};
}

// "1700000000.123456 ", or "     0.000123 " since the line before.
std::optional<LineTime> take_seconds(Front& line) {
  constexpr uint64_t kEpochSeconds = 100'000'000;  // March 1973: what is less is no date
  constexpr uint64_t kMaxSeconds = UINT64_MAX / kNsPerSecond - 1;
  Front ahead = line;
  ahead.skip_spaces();
  const auto seconds = ahead.number();
  if (!seconds || *seconds > kMaxSeconds) return std::nullopt;
  const bool epoch = *seconds >= kEpochSeconds;
  const bool coarse = !ahead.rest().starts_with('.');
  if (!epoch && coarse) return std::nullopt;
  const uint64_t ns = ahead.fraction_ns();
  if (!ahead.take(" ")) return std::nullopt;
  line = ahead;
  return LineTime{epoch ? LineTime::Kind::Epoch : LineTime::Kind::Relative,
                  *seconds * kNsPerSecond + ns, coarse};
}

LineTime take_time(Front& line) {
  if (const auto clock = take_clock(line)) return *clock;
  return take_seconds(line).value_or(LineTime{});
}

// The 16 digits of "[00007f0000001000]"; 0 for any other text.
uint64_t instruction_of(std::string_view decoration) {
  constexpr size_t kDigits = 16;
  uint64_t address = 0;
  if (decoration.size() != kDigits + 2) return 0;
  const std::string_view digits = decoration.substr(1, kDigits);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), address, kDigits);
  return error == std::errc{} && end == digits.end() ? address : 0;
}

// "(+     0.000123) " behind an absolute time, "[  42] " of -n, "[00007f0000001000] " of -i.
// Gives what -i told.
uint64_t skip_decorations(Front& line) {
  uint64_t instruction = 0;
  while (line.rest().starts_with("(+") || line.rest().starts_with('[')) {
    const size_t end = line.rest().find_first_of(")]");
    if (end == std::string_view::npos) break;
    const std::string_view decoration = line.rest().substr(0, end + 1);
    if (const uint64_t address = instruction_of(decoration)) instruction = address;
    line.take(decoration);
    line.skip_spaces();
  }
  return instruction;
}

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// "exited with 0", "killed by SIGSEGV (core dumped)", "superseded by execve in pid 12".
void parse_end(std::string_view text, LogLine& line) {
  constexpr int32_t kCoreDumped = 0x80;
  Front front(text);
  line.kind = LogLine::Kind::Remark;
  if (front.take("superseded by execve")) line.kind = LogLine::Kind::Superseded;
  if (front.take("exited with ")) {
    line.kind = LogLine::Kind::Ended;
    line.status = static_cast<int32_t>(front.number().value_or(0) & 0xff) << 8;
  }
  if (!front.take("killed by ")) return;
  const std::string_view name = front.rest().substr(0, front.rest().find(' '));
  const auto signals = constants(ConstantGroup::Signal);
  const auto signal = std::ranges::find(signals, name, &Constant::name);
  line.kind = LogLine::Kind::Ended;
  line.status = signal != signals.end() ? static_cast<int32_t>(signal->value & 0x7f) : 0;
  if (front.rest().ends_with("(core dumped)")) line.status |= kCoreDumped;
}

// Where what strace says begins, behind the name that it was called by: "/usr/bin/strace: ".
size_t remark_at(std::string_view text) {
  static constexpr std::string_view kName = "strace: ";
  const size_t at = text.find(kName);
  const bool own = at != text.npos && text.substr(0, at).find_first_of(" (") == text.npos;
  return own ? at + kName.size() : text.npos;
}

// "Process 1234 attached".
void parse_remark(std::string_view text, LogLine& line) {
  Front front(text);
  line.kind = LogLine::Kind::Remark;
  if (!front.take("Process ")) return;
  const auto tid = front.number();
  if (!tid || *tid > kMaxTid || front.rest() != " attached") return;
  line.kind = LogLine::Kind::Attached;
  line.other = static_cast<uint32_t>(*tid);
}

void parse_resumed(std::string_view text, LogLine& line) {
  static constexpr std::string_view kResumed = " resumed>";
  const size_t end = text.find(kResumed);
  if (end == std::string_view::npos || !is_call_name(text.substr(0, end))) return;
  line.kind = LogLine::Kind::Resumed;
  line.name = text.substr(0, end);
  line.text = text.substr(end + kResumed.size());
}

void parse_call(std::string_view text, LogLine& line) {
  const size_t end = text.find('(');
  if (end == std::string_view::npos || !is_call_name(text.substr(0, end))) return;
  line.kind = LogLine::Kind::Call;
  line.name = text.substr(0, end);
  line.text = text.substr(end + 1);
}

void parse_what(std::string_view text, LogLine& line) {
  Front front(text);
  if (text.empty()) {
    line.kind = LogLine::Kind::Empty;
  } else if (const size_t remark = remark_at(text); remark != text.npos) {
    parse_remark(text.substr(remark), line);
  } else if (front.take("--- ")) {
    line.kind = LogLine::Kind::Signal;
    line.text = front.rest();
  } else if (front.take("+++ ")) {
    std::string_view inside = front.rest();
    cut_suffix(inside, " +++");
    parse_end(inside, line);
  } else if (front.take("<... ")) {
    parse_resumed(front.rest(), line);
  } else {
    parse_call(text, line);
  }
}

}  // namespace

LogLine parse_log_line(std::string_view text) {
  LogLine line;
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  Front front(text);
  line.tid = take_thread(front);
  line.time = take_time(front);
  front.skip_spaces();
  line.instruction = skip_decorations(front);
  parse_what(front.rest(), line);
  if (line.kind == LogLine::Kind::Call || line.kind == LogLine::Kind::Resumed)
    line.unfinished = cut_suffix(line.text, "<unfinished ...>");
  return line;
}

}  // namespace wireseam
