// SPDX-License-Identifier: Apache-2.0
// Captures packets for a recording in a process of its own: the tracer may have no thread, and what
// reads packets should have no rights.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>

#include "common/error.h"
#include "common/fd.h"
#include "inspector/capture/packet_source.h"

namespace wireseam {

struct CaptureJob {
  std::string folder;  // of the recording; its file of calls must be there
  std::string interface;
  std::string filter;
};

struct CaptureReport {
  uint64_t captured = 0;
  uint64_t kept = 0;
  CaptureDrops drops;
  bool has_died = false;  // it was killed: nobody has counted
  std::string flaws;      // what went wrong, a line for the user each
};

// CAP_NET_RAW is missing; cure() tells how to grant it.
class NoCaptureRight : public Error {
 public:
  NoCaptureRight(const std::string& message, std::string cure)
      : Error(Error(message).with_cure(std::move(cure))) {}
};

class CaptureProcess {
 public:
  // Forks; there must be no other thread. When it returns, what passes from now on is captured, and
  // by a process without privileges. Throws
  // NoCaptureRight, or another Error of LiveCapture or PacketWriter.
  explicit CaptureProcess(const CaptureJob& job);

  // One that was not finished ends as if the tracer had died.
  ~CaptureProcess();
  CaptureProcess(const CaptureProcess&) = delete;
  CaptureProcess& operator=(const CaptureProcess&) = delete;

  // When the program has ended and its trace is written: captures what is still on its way, and
  // leaves out what is not of the program's sockets.
  CaptureReport finish();

 private:
  void wait();

  pid_t pid_ = -1;
  Fd socket_;
};

}  // namespace wireseam
