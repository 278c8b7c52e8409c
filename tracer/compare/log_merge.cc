// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_merge.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <queue>
#include <utility>

#include "tracer/compare/log_line.h"

namespace wireseam {

std::optional<uint32_t> thread_of_file(std::string_view name) {
  const std::string_view digits = name.substr(std::min(name.rfind('.') + 1, name.size()));
  uint32_t tid = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), tid);
  if (error != std::errc{} || end != digits.data() + digits.size() || tid == 0) return std::nullopt;
  return tid;
}

std::string_view LogMerge::File::line() const {
  const std::string_view rest = std::string_view(text).substr(at);
  return rest.substr(0, rest.find('\n'));
}

// A line without a time happens right after the one before it.
void LogMerge::File::look() {
  const LineTime told = parse_log_line(line()).time;
  if (told.kind == LineTime::Kind::Relative) time += told.ns;
  if (told.kind == LineTime::Kind::Clock || told.kind == LineTime::Kind::Epoch) time = told.ns;
}

bool LogMerge::File::next() {
  at = std::min(at + line().size() + 1, text.size());
  if (at == text.size()) return false;
  look();
  return true;
}

void LogMerge::add(std::string text, std::optional<uint32_t> tid) {
  if (!text.empty()) files_.push_back({.text = std::move(text), .tid = tid});
}

// A thread is made by one of a lower number, mostly: of two lines of the same time that of the
// lower one comes first.
void LogMerge::read(const Take& take) {
  std::ranges::sort(files_, {}, &File::tid);
  using Next = std::pair<uint64_t, size_t>;  // the time of a file's line, and the file
  std::priority_queue<Next, std::vector<Next>, std::greater<>> queue;
  for (size_t i = 0; i < files_.size(); ++i) {
    files_[i].look();
    queue.emplace(files_[i].time, i);
  }
  while (!queue.empty()) {
    const size_t i = queue.top().second;
    File& file = files_[i];
    queue.pop();
    take(file.line(), file.tid);
    if (file.next()) queue.emplace(file.time, i);
  }
}

}  // namespace wireseam
