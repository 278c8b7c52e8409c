// SPDX-License-Identifier: Apache-2.0
// Traces a program: all that lies behind `wireseam trace`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tracer/collect/launch.h"
#include "tracer/collect/trace_printer.h"

namespace wireseam {

// Who sees the calls.
enum class Tracer : uint8_t { Shim, Strace };

// The most that can be recorded of a buffer.
inline constexpr uint32_t kWholePayload = uint32_t{16} << 20;

// Says something to the user that ends nothing.
using Warn = std::function<void(const std::string&)>;

struct TraceRequest {
  std::vector<std::string> command;  // PROGRAM and its arguments
  std::optional<std::string> argv0;  // in place of PROGRAM
  Tracer via = Tracer::Shim;
  std::vector<std::string> environment_changes;
  std::string user;
  ProgramParent parent = ProgramParent::Tracer;
  uint32_t payload_limit = 32;  // bytes of each buffer that are recorded
  std::string save;             // the trace file; empty: none
  bool print = true;
  PrintOptions printed;
  // Where it is set the trace also tells which sockets the programs have whose calls are not seen,
  // and this hears, once there is one, what such sockets' packets may lack.
  Warn missed_packets;
  Warn missed;  // also told, of what is said to the user, what the trace lacks; may be empty
};

// The command with the file that PATH has for it. Throws CannotRun.
ProgramCommand find_command(const std::vector<std::string>& command, const std::string& user);

// Runs the program under the shim, to its end, and returns its wait(2) status. Throws Error
// (CannotRun) when it can't be started.
int32_t trace_program(const TraceRequest& request, const Warn& warn);

}  // namespace wireseam
