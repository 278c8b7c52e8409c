// SPDX-License-Identifier: Apache-2.0
#include "cli/text_settings.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "cli/command_line.h"
#include "cli/option_parser.h"

namespace wireseam {
namespace {

constexpr int kMicroseconds = 6;
constexpr std::string_view kPrecisions[] = {"s", "ms", "us", "ns"};
constexpr int kDigitsPerPrecision = 3;

// The words of "a,b"; an empty text has one, which is empty.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ',')
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}

// "precision:ns" without its "precision:".
std::string without(std::string_view prefix, const std::string& word) {
  return word.starts_with(prefix) ? word.substr(prefix.size()) : word;
}

[[noreturn]] void refuse_word(const std::string& option, const std::string& word) {
  throw UsageError("invalid " + option + " '" + word + "'");
}

void raise_time_of_day(TextOptions& text) {
  const bool epoch = text.time_of_day != TimeOfDay::None && text.time_digits > 0;
  text.time_digits = text.time_of_day == TimeOfDay::None ? 0 : kMicroseconds;
  text.time_of_day = epoch ? TimeOfDay::Epoch : TimeOfDay::Clock;
}

bool set_time_format(TextOptions& text, const std::string& word) {
  if (word == "none")
    text.time_of_day = TimeOfDay::None;
  else if (word == "time")
    text.time_of_day = TimeOfDay::Clock;
  else if (word == "unix")
    text.time_of_day = TimeOfDay::Epoch;
  else
    return false;
  return true;
}

void raise_quiet(TextOptions& text) {
  if (!text.show_process_starts) text.show_exits = false;
  text.show_process_starts = false;
}

void add_quiet(TextOptions& text, const std::string& word) {
  // What strace also has to say and we never do.
  static constexpr std::string_view kUnsaid[] = {"path-resolution", "thread-execve", "superseded",
                                                 "none"};
  if (word == "attach" || word == "personality" || word == "all")
    text.show_process_starts = false;
  else if (word != "exit" && std::ranges::find(kUnsaid, word) == std::end(kUnsaid))
    refuse_word("quiet", word);
  if (word == "exit" || word == "all") text.show_exits = false;
}

// Of a descriptor that is no socket there is only its number to be shown.
DescriptorDetail descriptor_detail(const std::string& word) {
  if (word == "path") return DescriptorDetail::Socket;
  if (word == "socket" || word == "all") return DescriptorDetail::Address;
  static constexpr std::string_view kNumbers[] = {"dev", "pidfd", "signalfd", "eventfd", "none"};
  if (std::ranges::find(kNumbers, word) == std::end(kNumbers)) refuse_word("decode-fds", word);
  return DescriptorDetail::Number;
}

}  // namespace

int parse_precision(const std::string& option, const std::string& word) {
  if (word.empty()) return kMicroseconds;
  const auto* found = std::ranges::find(kPrecisions, word);
  if (found == std::end(kPrecisions))
    throw UsageError("invalid " + option + " argument: '" + word + "'");
  return static_cast<int>(found - kPrecisions) * kDigitsPerPrecision;
}

void set_time_of_day(TextOptions& text, const std::string& words) {
  if (words.empty()) return raise_time_of_day(text);
  text.time_of_day = TimeOfDay::Clock;
  text.time_digits = 0;
  for (const std::string& word : split(words))
    if (!set_time_format(text, without("format:", word)))
      text.time_digits = parse_precision("--absolute-timestamps", without("precision:", word));
}

void set_descriptors(TextOptions& text, const std::string& set) {
  if (set.empty()) {
    text.descriptors = text.descriptors == DescriptorDetail::Number ? DescriptorDetail::Socket
                                                                    : DescriptorDetail::Address;
    return;
  }
  text.descriptors = DescriptorDetail::Number;
  for (const std::string& word : split(set))
    text.descriptors = std::max(text.descriptors, descriptor_detail(word));
}

void set_quiet(TextOptions& text, const std::string& set) {
  if (set.empty()) return raise_quiet(text);
  text.show_process_starts = text.show_exits = true;
  for (const std::string& word : split(set)) add_quiet(text, word);
}

void set_hex_strings(TextOptions& text, const std::string& word) {
  if (word.empty() || word == "all")
    text.hex_strings = HexStrings::All;
  else if (word == "non-ascii")
    text.hex_strings = HexStrings::NonAscii;
  else if (word == "none")
    text.hex_strings = HexStrings::None;
  else
    refuse_word("strings-in-hex", word);
}

}  // namespace wireseam
