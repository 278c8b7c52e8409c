// SPDX-License-Identifier: Apache-2.0
// wireseam compare.
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/option_parser.h"
#include "cli/verbs.h"
#include "common/output/output.h"
#include "tracer/compare/comparison_json.h"
#include "tracer/compare/comparison_text.h"
#include "tracer/run/compare_program.h"

namespace wireseam {
namespace {

constexpr int kExitUnexplained = 3;
constexpr uint64_t kMaxStringLimit = uint64_t{1} << 20;
constexpr uint64_t kMaxWidth = 10'000;
constexpr const char* kUsage = "compare [OPTION...] [--] PROGRAM [ARG...] | RECORDING.wst LOG...";

enum class Format : uint8_t { Table, Summary, Json };

struct CompareOptions {
  CompareRequest request;
  ComparisonStyle style;
  Format format = Format::Table;
  std::string target;
  std::optional<size_t> width;
};

CompareOptions parse_compare(std::span<char* const> arguments) {
  CompareOptions options;
  OptionParser parser(kUsage);
  parser.flag("--api", "Also what the program did in Python", [&] {
    options.style.api = ApiColumn::Shown;
    options.request.python = true;
  });
  parser.choice("--only", {"differing"}, "Leave out what is the same on both sides",
                [&](size_t) { options.style.rows = RowChoice::Differing; });
  parser.flag("--summary", "Each distinct pair once, with how often there was one",
              [&] { options.format = Format::Summary; });
  parser.flag("--json", "JSON Lines", [&] { options.format = Format::Json; });
  parser.number("-s,--string-limit", "Show N bytes of a string (32)", kMaxStringLimit,
                [&](uint64_t limit) { options.request.string_limit = limit; });
  parser.number("--width", "Cut the table to N columns, 0: not at all (a terminal's width)",
                kMaxWidth, [&](uint64_t width) { options.width = width; });
  parser.text("-o,--output", "FILE", "Print to FILE, or to the command of '|COMMAND'",
              [&](const std::string& target) { options.target = target; });
  options.request.command = parser.parse(arguments);
  if (options.request.command.empty())
    throw UsageError(std::string("which program? Usage: wireseam ") + kUsage);
  return options;
}

// A trace, or the folder of a recording, which has one.
bool is_recording(const std::string& path) {
  std::error_code error;
  return path.ends_with(".wst") || std::filesystem::is_regular_file(path + "/calls.wst", error);
}

std::string trace_of(const std::string& recording) {
  return recording.ends_with(".wst") ? recording : recording + "/calls.wst";
}

size_t terminal_width(int fd) {
  winsize size{};
  return isatty(fd) == 1 && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string text_of(const Comparison& comparison, const CompareOptions& options) {
  switch (options.format) {
    case Format::Table:
      return comparison_table(comparison, options.style);
    case Format::Summary:
      return comparison_summary(comparison, options.style);
    case Format::Json:
      return comparison_json(comparison, options.style);
  }
  return {};
}

// A program's standard output is its own, so the table of one goes where its trace would.
void print(const Comparison& comparison, CompareOptions& options, int standard) {
  if (options.target.empty())
    options.style.width = options.width.value_or(terminal_width(standard));
  else
    options.style.width = options.width.value_or(0);
  const auto output =
      options.target.empty()
          ? std::make_unique<Output>(standard, standard == STDERR_FILENO ? "stderr" : "stdout")
          : std::make_unique<Output>(options.target);
  output->write(text_of(comparison, options));
  output->flush();
  if (const auto& failure = output->failure()) throw Error(*failure);
}

void tell_end(int32_t status) {
  if (WIFSIGNALED(status))
    warn("the program was killed by signal " + std::to_string(WTERMSIG(status)));
  else if (WEXITSTATUS(status) != 0)
    warn("the program exited with " + std::to_string(WEXITSTATUS(status)));
}

}  // namespace

int run_compare(std::span<char* const> arguments) {
  CompareOptions options = parse_compare(arguments);
  const std::vector<std::string>& words = options.request.command;
  Comparison comparison;
  if (is_recording(words.front())) {
    if (words.size() == 1) throw UsageError("the output of strace is needed beside the recording");
    comparison = compare_files(trace_of(words.front()), {words.begin() + 1, words.end()},
                               options.request.string_limit, warn);
    print(comparison, options, STDOUT_FILENO);
  } else {
    ProgramComparison run = compare_program(options.request, warn);
    comparison = std::move(run.comparison);
    tell_end(run.status);
    print(comparison, options, STDERR_FILENO);
  }
  return comparison.totals.unexplained == 0 ? EXIT_SUCCESS : kExitUnexplained;
}

}  // namespace wireseam
