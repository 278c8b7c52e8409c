// SPDX-License-Identifier: Apache-2.0
// wireseam-player SCENARIO: the program that `wireseam demo` records. It plays both ends of a
// scenario, and has no part in showing it.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "common/error.h"
#include "demo/player/plays.h"

using namespace wireseam::player;

namespace {

constexpr int kExitUsage = 2;
constexpr unsigned kTimeLimitSeconds = 20;
constexpr char kUsage[] =
    "usage: wireseam-player SCENARIO\n\n"
    "Plays a scenario over loopback; `wireseam demo SCENARIO` records and explains it.\n";

struct Play {
  std::string_view name;
  void (*play)();
};

constexpr Play kPlays[] = {
    {"auth", play_auth},
    {"backlog", play_backlog},
    {"cut", play_cut},
    {"framed", play_framed},
    {"handshake", play_handshake},
    {"nagle", play_nagle},
    {"nodelay", play_nodelay},
    {"partial-send", play_partial_send},
    {"refused", play_refused},
    {"reset", play_reset},
    {"sticky", play_sticky},
    {"timewait", play_timewait},
    {"udp", play_udp},
};

int play(std::string_view name) {
  for (const Play& each : kPlays) {
    if (each.name != name) continue;
    each.play();
    return EXIT_SUCCESS;
  }
  std::fputs(kUsage, stderr);
  return kExitUsage;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc == 2 ? argv[1] : "";
  if (name == "--help") {
    std::fputs(kUsage, stdout);
    return EXIT_SUCCESS;
  }
  // Who reads the demonstration may go away, and then it ends quietly.
  std::signal(SIGPIPE, SIG_DFL);
  // Nothing that goes wrong keeps a demonstration waiting for ever.
  alarm(kTimeLimitSeconds);
  try {
    return play(name);
  } catch (const wireseam::Error& error) {
    std::fprintf(stderr, "wireseam-player: %s\n", error.what());
    if (!error.cure().empty()) std::fprintf(stderr, "%s\n", error.cure().c_str());
    return EXIT_FAILURE;
  }
}
