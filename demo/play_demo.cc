// SPDX-License-Identifier: Apache-2.0
#include "demo/play_demo.h"

#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
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

// The first signal that asks the demonstration to end is noted, so that what it made can be taken
// away again. A program that is run meanwhile is asked itself.
class EndingSignals {
 public:
  EndingSignals() {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction action {};
      sigaction(number, nullptr, &action);
      if (action.sa_handler == SIG_IGN) continue;
      action = {};
      action.sa_handler = [](int signal_number) { noted_ = signal_number; };
      sigaction(number, &action, nullptr);
    }
    // Who closes the pipe has seen enough.
    std::signal(SIGPIPE, SIG_IGN);
  }

  static bool is_one(int number) {
    return number == SIGINT || number == SIGTERM || number == SIGHUP;
  }

  // 0: none.
  static int noted() { return noted_; }

 private:
  static volatile std::sig_atomic_t noted_;
};

volatile std::sig_atomic_t EndingSignals::noted_ = 0;

bool has_reader() {
  pollfd item{STDOUT_FILENO, 0, 0};
  return poll(&item, 1, 0) != 1 || (item.revents & POLLERR) == 0;
}

void print(Output& output, std::string_view text) {
  output.write(text);
  output.flush();
  if (const auto& failure = output.failure(); failure && failure->errnum() != EPIPE)
    throw Error(*failure);
}

// 0, or the wait(2) status of a player that was asked to end.
int32_t play(const Scenario& scenario, const std::string& folder,
             const std::function<void(const std::string&)>& warn) {
  if (EndingSignals::noted() != 0) return EndingSignals::noted();
  const int32_t status =
      record_play(std::string(scenario.name), std::string(scenario.framing), folder, warn);
  const bool was_asked = WIFSIGNALED(status) && EndingSignals::is_one(WTERMSIG(status));
  if (status != 0 && !was_asked && has_reader())
    throw Error("the scenario '" + std::string(scenario.name) + "' could not be played");
  return was_asked ? status : 0;
}

}  // namespace

int32_t play_demo(const DemoRequest& request, const std::function<void(const std::string&)>& warn) {
  const EndingSignals signals;
  const Scenario& scenario = *request.scenario;
  std::optional<TemporaryFolder> temporary;
  if (request.folder.empty()) temporary.emplace();
  const std::string folder = temporary ? temporary->path() : request.folder;
  Output output(STDOUT_FILENO, "stdout");
  const Paint paint(use_color(request.color, output) ? Paint::Colors::Ansi : Paint::Colors::None);
  print(output, fmt::format("{}: {}\n\n", scenario.name, scenario.summary));
  const int32_t status = play(scenario, folder, warn);
  if (status != 0) return status;
  if (has_reader()) print(output, show(scenario, folder, paint));
  return EndingSignals::noted();
}

}  // namespace wireseam
