// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/stop_signals.h"

#include <atomic>
#include <csignal>

namespace wireseam {
namespace {

constexpr int kStopping[] = {SIGINT, SIGTERM};

// A handler has no other way to learn what it is for.
std::atomic<PacketSource*> source_to_stop = nullptr;

void stop_source(int signal) {
  PacketSource* source = source_to_stop.load();
  if (source != nullptr) source->stop();
  std::signal(signal, SIG_DFL);
}

// Also where it was ignored, as tcpdump has it: a shell that is no terminal's gives its background
// jobs SIGINT ignored, and a capture would have no end then. Without SA_RESTART it also ends a read
// from a pipe that nobody writes to.
void handle(int signal) {
  struct sigaction action {};
  action.sa_handler = stop_source;
  sigaction(signal, &action, nullptr);
}

}  // namespace

StopSignals::StopSignals(PacketSource& source) {
  source_to_stop = &source;
  for (const int signal : kStopping) handle(signal);
}

StopSignals::~StopSignals() { source_to_stop = nullptr; }

}  // namespace wireseam
