// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/terminal_rescue.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <utility>

namespace wireseam {
namespace {

constexpr int kFatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};

// A handler has no other way to learn what it is for.
std::atomic<const TerminalRescue*> in_use = nullptr;

}  // namespace

TerminalRescue::TerminalRescue(int fd) : fd_(fd) { tcgetattr(fd_, &settings_); }

TerminalRescue::~TerminalRescue() {
  if (in_use.exchange(nullptr) == nullptr) return;
  for (const int signal : kFatal) std::signal(signal, SIG_DFL);
}

void TerminalRescue::arm(std::string sequence) {
  sequence_ = std::move(sequence);
  in_use = this;
  struct sigaction action {};
  action.sa_handler = rescue;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : kFatal) sigaction(signal, &action, nullptr);
}

// Async-signal-safe; the signal comes again and ends the program as it would have.
void TerminalRescue::rescue(int signal) {
  if (const TerminalRescue* rescue = in_use.exchange(nullptr)) {
    static_cast<void>(!write(rescue->fd_, rescue->sequence_.data(), rescue->sequence_.size()));
    tcsetattr(rescue->fd_, TCSANOW, &rescue->settings_);
  }
  raise(signal);
}

}  // namespace wireseam
