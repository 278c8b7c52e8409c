// SPDX-License-Identifier: Apache-2.0
// Random runs of many threads, rendered as both sides would have seen them: the shim's events, and
// the text of strace, each interleaved by chance; and which system calls are whose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tracer/compare/compared_call.h"

namespace wireseam::test {

enum class LogTimes : uint8_t { None, SinceEpoch };

struct RandomRun {
  struct Thread {
    uint32_t tid;
    // By libc call: its system calls, by their place among those of the thread.
    std::vector<std::vector<size_t>> pairs;
  };

  std::vector<Thread> threads;
  Transcript libc;
  std::string log;
};

RandomRun random_run(uint32_t seed, size_t threads, size_t calls, LogTimes times);

}  // namespace wireseam::test
