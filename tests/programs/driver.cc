// SPDX-License-Identifier: Apache-2.0
// driver -o FILE [--chunks N] [--max-chunks N] [--payload N] PROGRAM [ARG...]
// Runs PROGRAM under the shim, writes each event as a line of JSON into FILE, ends as PROGRAM ends.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tracer/collect/clock_scale.h"
#include "tracer/collect/collector.h"

using namespace wireseam;

namespace {

const char* state_name(CallState state) {
  switch (state) {
    case CallState::Returned:
      return "returned";
    case CallState::Running:
      return "running";
    case CallState::CutOff:
      return "cut off";
  }
  return "";
}

class JsonLines : public EventSink {
 public:
  explicit JsonLines(FILE* file) : file_(file) {}

  void event(const Event& event) override { print(event); }
  void running(const Event& event) override { print(event); }

 private:
  void print(const Event& event) {
    fprintf(file_, "{\"pid\":%u,\"tid\":%u,\"process\":%u,\"time\":%lu,", event.pid, event.tid,
            event.process, event.time_ns);
    std::visit([this](const auto& what) { print(what); }, event.what);
    fputs("}\n", file_);
  }

  void print(const CallEvent& call) {
    const auto name = call.info == nullptr ? "?" : std::string(call.info->name);
    fprintf(file_, "\"call\":\"%s\",\"state\":\"%s\",\"flags\":%u,\"result\":%ld,\"errno\":%d,",
            name.c_str(), state_name(call.state), call.flags, call.result, call.errnum);
    const auto& a = call.arguments;
    fprintf(file_, "\"args\":[%lu,%lu,%lu,%lu,%lu,%lu],\"blobs\":[", a[0], a[1], a[2], a[3], a[4],
            a[5]);
    const char* comma = "";
    for (const Blob& blob : call.blobs) {
      fprintf(file_, "%s[%u,%u,%u,%ld,\"", comma, blob.parameter, static_cast<unsigned>(blob.part),
              blob.index, static_cast<long>(blob.total));
      for (const std::byte byte : blob.bytes) fprintf(file_, "%02x", static_cast<unsigned>(byte));
      fputs("\"]", file_);
      comma = ",";
    }
    fputs("]", file_);
  }

  void print(const ProcessBeginEvent& begin) {
    fprintf(file_, "\"event\":\"begin\",\"cause\":%u,\"parent\":%u,\"name\":\"%.*s\"",
            static_cast<unsigned>(begin.cause), begin.parent, static_cast<int>(begin.name.size()),
            begin.name.data());
  }
  void print(const ProcessEndEvent& end) {
    fprintf(file_, "\"event\":\"end\",\"status\":%d", end.status);
  }
  void print(const LostEvent& lost) {
    fprintf(file_, "\"event\":\"lost\",\"count\":%lu", lost.count);
  }

  FILE* file_;
};

[[noreturn]] void become(const Collector& collector, char** argv) {
  std::string preload = collector.shim_path();
  if (const char* theirs = getenv("LD_PRELOAD"))
    if (*theirs != '\0') preload.append(":").append(theirs);
  setenv("LD_PRELOAD", preload.c_str(), 1);
  setenv(kRegionVariable, collector.region_path().c_str(), 1);
  execvp(argv[0], argv);
  _exit(127);
}

int trace(Collector& collector, char** argv) {
  const pid_t program = fork();
  if (program == 0) become(collector, argv);
  int status = 0;
  bool runs = true;
  while (runs || collector.running_processes() != 0) {
    const size_t count = collector.drain();
    int ended_status = 0;
    for (pid_t pid; (pid = waitpid(-1, &ended_status, WNOHANG)) > 0;) {
      collector.child_ended(static_cast<uint32_t>(pid), ended_status);
      if (pid != program) continue;
      runs = false;
      status = ended_status;
    }
    collector.wait(count != 0 ? 1'000'000 : 10'000'000);
  }
  collector.finish();
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  RegionOptions options;
  options.shim_path = WIRESEAM_SHIM;
  options.clock = best_region_clock();
  const char* output = "/dev/null";
  for (int letter; (letter = getopt(argc, argv, "+o:c:m:p:")) != -1;) {
    const auto number = static_cast<uint32_t>(strtoul(optarg, nullptr, 10));
    if (letter == 'o') output = optarg;
    if (letter == 'c') options.chunks = number;
    if (letter == 'm') options.max_chunks = number;
    if (letter == 'p') options.payload_limit = number;
  }
  FILE* file = fopen(output, "we");
  JsonLines lines(file);
  CollectorOutputs outputs;
  outputs.sink = &lines;
  Collector collector(options, outputs);
  const int status = trace(collector, argv + optind);
  fclose(file);
  if (WIFSIGNALED(status)) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
  }
  return WEXITSTATUS(status);
}
