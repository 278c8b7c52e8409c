// SPDX-License-Identifier: Apache-2.0
#include "demo/play_demo.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>

#include "common/error.h"
#include "demo/record_play.h"
#include "inspector/recording/recording.h"
#include "inspector/run/replay_recording.h"

namespace wireseam {
namespace {

// Removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / "wireseam-demo-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr)
      throw Error("cannot create a folder for the recording", path_, errno);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string show(const Scenario& scenario, const std::string& folder, Paint paint) {
  FindingsObserver findings(scenario.ladder, paint);
  CallObserver calls(scenario.calls);
  replay_recording(folder, findings, calls);
  std::string text = "\n";
  if (!scenario.calls.empty()) text += calls.text() + "\n";
  text += findings.take_picture();
  Observation seen;
  seen.has_packets = Recording(folder).has_packets();
  seen.conversations = findings.take_conversations();
  seen.datagrams = findings.take_datagrams();
  seen.calls = calls.take_calls();
  if (!seen.has_packets)
    text += "No packets were captured, so the lane of segments is empty: see the message above.\n";
  append_explanation(text, scenario.explain(seen));
  return text;
}

void print(Output& output, std::string_view text) {
  output.write(text);
  output.flush();
  // Who closes the pipe has seen enough.
  if (const auto& failure = output.failure(); failure && failure->errnum() != EPIPE)
    throw Error(*failure);
}

}  // namespace

void play_demo(const DemoRequest& request, const std::function<void(const std::string&)>& warn) {
  const Scenario& scenario = *request.scenario;
  std::optional<TemporaryFolder> temporary;
  if (request.folder.empty()) temporary.emplace();
  const std::string folder = temporary ? temporary->path() : request.folder;
  Output output(STDOUT_FILENO, "stdout");
  const Paint paint(use_color(request.color, output) ? Paint::Colors::Ansi : Paint::Colors::None);
  print(output, fmt::format("{}: {}\n\n", scenario.name, scenario.summary));
  record_play(std::string(scenario.name), std::string(scenario.framing), folder, warn);
  print(output, show(scenario, folder, paint));
}

}  // namespace wireseam
