// SPDX-License-Identifier: Apache-2.0
// The signal handlers. The flag is static because a handler has no other way to know it.
#include "samples/stop.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "common/error.h"

namespace wireseam::samples {
namespace {

std::atomic<bool> stopping = false;
static_assert(std::atomic<bool>::is_always_lock_free);

// A signal that comes just before a blocking call does not interrupt it: the alarm does, a second
// later, and again until the program has ended.
void request_stop(int /*signum*/) {
  stopping = true;
  alarm(1);
}

void handle(int signum, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;  // without SA_RESTART: the blocking call is to return EINTR
  if (sigaction(signum, &action, nullptr) != 0) throw Error("sigaction", errno);
}

}  // namespace

void stop_on_signals() {
  handle(SIGINT, request_stop);
  handle(SIGTERM, request_stop);
  handle(SIGALRM, request_stop);
  handle(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return stopping; }

}  // namespace wireseam::samples
