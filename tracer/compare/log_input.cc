// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_input.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "common/error.h"
#include "tracer/compare/log_file.h"
#include "tracer/compare/log_merge.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

constexpr std::string_view kMagic(kTraceMagic, sizeof kTraceMagic);

// As many bytes of the file as a trace file's magic has, or all that there are.
std::string read_magic(const Fd& file, const std::string& name) {
  std::string magic(kMagic.size(), '\0');
  size_t size = 0;
  while (size < magic.size()) {
    const ssize_t count = read(file.get(), magic.data() + size, magic.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error("cannot read", name, errno);
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  magic.resize(size);
  return magic;
}

void read_one(LogInput input, StraceLog& log, const std::function<void()>& pause) {
  LogFile lines(std::move(input.file), input.name, std::move(input.begun));
  const auto tid = thread_of_file(input.name);
  while (lines.read([&](std::string_view line) { log.add_line_of(line, tid); })) pause();
}

std::string read_text(LogInput input) {
  LogFile lines(std::move(input.file), input.name, std::move(input.begun));
  std::string text;
  while (lines.read([&](std::string_view line) { text.append(line).push_back('\n'); })) continue;
  return text;
}

void read_several(std::vector<LogInput> files, StraceLog& log) {
  LogMerge merge;
  for (LogInput& input : files) {
    if (input.is_trace()) throw Error("'" + input.name + "' is a trace file, and no log of strace");
    const auto tid = thread_of_file(input.name);
    merge.add(read_text(std::move(input)), tid);
  }
  merge.read(
      [&](std::string_view line, std::optional<uint32_t> tid) { log.add_line_of(line, tid); });
}

}  // namespace

bool LogInput::is_trace() const { return begun == kMagic; }

LogInput open_log_input(const std::string& name) {
  Fd file(name == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                      : open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw Error("cannot open", name, errno);
  std::string begun = read_magic(file, name);
  return {.file = std::move(file), .name = name, .begun = std::move(begun)};
}

void read_log(std::vector<LogInput> files, StraceLog& log, const std::function<void()>& pause) {
  const std::string name = files.front().name;
  if (files.size() == 1)
    read_one(std::move(files.front()), log, pause);
  else
    read_several(std::move(files), log);
  log.finish();
  if (log.report().lines == log.report().unread)
    throw Error("'" + name + "' is neither a trace file nor the output of strace");
}

}  // namespace wireseam
