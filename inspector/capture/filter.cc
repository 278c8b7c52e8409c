// SPDX-License-Identifier: Apache-2.0
// libpcap says what is wrong with a filter, but not where. The place is found by compiling ever
// longer beginnings of it, each with some ends that could make it a filter: the word behind the
// longest beginning that can still become one is where it goes wrong.
#include "inspector/capture/filter.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "common/error.h"

namespace wireseam {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

// One of them completes whatever word a filter may break off behind.
constexpr std::array<std::string_view, 11> kEnds = {
    "",          " 80",  " 1.2.3.4", " tcp",          " 00:00:00:00:00:00",     " 1-2",
    " proto 80", " = 0", " 1 = 0",   " host 1.2.3.4", " host 00:00:00:00:00:00"};

// Only the optimizer finds that a filter accepts nothing.
enum class Optimize : uint8_t { No, Yes };

bool compiles(pcap* handle, const std::string& text, Optimize optimize) {
  bpf_program program{};
  const int result = pcap_compile(handle, &program, text.c_str(), optimize == Optimize::Yes ? 1 : 0,
                                  PCAP_NETMASK_UNKNOWN);
  if (result == 0) pcap_freecode(&program);
  return result == 0;
}

// What closes the parentheses that are open at the end of `text`.
std::string closing(std::string_view text) {
  const auto open = std::ranges::count(text, '(') - std::ranges::count(text, ')');
  return std::string(static_cast<size_t>(std::max<std::ptrdiff_t>(open, 0)), ')');
}

bool can_become_filter(pcap* handle, const std::string& beginning, Optimize optimize) {
  return std::ranges::any_of(kEnds, [&](std::string_view end) {
    return compiles(handle, beginning + std::string(end) + closing(beginning), optimize);
  });
}

// The offset of the word in `text` at which it stops being a filter.
size_t place_of_error(pcap* handle, const std::string& text) {
  const Optimize optimize = compiles(handle, text, Optimize::No) ? Optimize::Yes : Optimize::No;
  size_t word = std::min(text.find_first_not_of(kBlanks), text.size());
  while (word < text.size()) {
    const size_t end = std::min(text.find_first_of(kBlanks, word), text.size());
    if (!can_become_filter(handle, text.substr(0, end), optimize)) return word;
    const size_t next = text.find_first_not_of(kBlanks, end);
    if (next == std::string::npos) return end;
    word = next;
  }
  return text.size();
}

// libpcap quotes a name that it does not know.
size_t place_of_quoted(const std::string& text, const std::string& message) {
  const size_t begin = message.find_first_of("'\"");
  if (begin == std::string::npos) return std::string::npos;
  const size_t end = message.find(message[begin], begin + 1);
  if (end == std::string::npos) return std::string::npos;
  return text.find(message.substr(begin + 1, end - begin - 1));
}

std::string without_prefix(std::string message) {
  const std::string_view prefix = "can't parse filter expression: ";
  if (message.starts_with(prefix)) message.erase(0, prefix.size());
  return message;
}

Error filter_error(pcap* handle, const std::string& text, const std::string& message) {
  size_t place = place_of_quoted(text, message);
  if (place == std::string::npos) place = place_of_error(handle, text);
  std::string shown = text;
  std::ranges::replace_if(
      shown, [](unsigned char c) { return c < ' '; }, ' ');
  return Error("bad capture filter: " + without_prefix(message) + "\n  " + shown + "\n  " +
               std::string(place, ' ') + "^")
      .with_cure("pcap-filter(7) has the syntax: tcp port 80 and host 10.0.0.1");
}

}  // namespace

void CaptureFilter::Free::operator()(bpf_program* program) const {
  pcap_freecode(program);
  delete program;
}

CaptureFilter::CaptureFilter(pcap* handle, const std::string& text) {
  auto filter = compile(handle, text);
  if (!filter) throw filter_error(handle, text, pcap_geterr(handle));
  *this = *std::move(filter);
}

std::optional<CaptureFilter> CaptureFilter::compile(pcap* handle, const std::string& text) {
  auto program = std::make_unique<bpf_program>();
  if (pcap_compile(handle, program.get(), text.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    return std::nullopt;
  CaptureFilter filter;
  filter.program_.reset(program.release());
  return filter;
}

}  // namespace wireseam
