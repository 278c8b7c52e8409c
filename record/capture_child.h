// SPDX-License-Identifier: Apache-2.0
// What runs in the process of a CaptureProcess, and what the two say to each other.
#pragma once

#include <cstdint>
#include <string>

#include "common/fd.h"
#include "record/capture_process.h"

namespace wireseam {

// The child's first message. Where it has failed what() follows, a NUL and cure(), and it ends.
enum class CaptureState : char {
  Ready = 'r',
  NoRight = 'n',  // CAP_NET_RAW is missing
  Failed = 'f',
};

// The tracer's only message, a byte. Its end of the socket is closed where it died instead.
inline constexpr char kCaptureStop = '!';

// The child's last message; CaptureReport::flaws follow.
struct CaptureCounts {
  uint64_t captured = 0;
  uint64_t kept = 0;
  uint64_t kernel_drops = 0;
  uint64_t interface_drops = 0;
};

[[noreturn]] void run_capture(const CaptureJob& job, const Fd& socket);

}  // namespace wireseam
