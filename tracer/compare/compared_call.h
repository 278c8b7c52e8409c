// SPDX-License-Identifier: Apache-2.0
// The calls of a run as one side has seen them, thread by thread: libc's, as the shim recorded
// them, or the kernel's, as strace printed them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tracer/trace/event.h"

namespace wireseam {

// Whose instruction asked the kernel, where the log tells that (strace -i and -y).
enum class Origin : uint8_t {
  Unknown,
  Libc,
  Loader,  // which the kernel maps; musl's is its libc
  OtherLibrary,
  Program,
  Shim,
};

struct ComparedCall {
  const CallInfo* info = nullptr;
  CallState state = CallState::Returned;
  uint32_t process = 0;  // its index
  uint32_t serial = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  int64_t result = 0;
  int32_t errnum = 0;
  std::array<uint64_t, kMaxArguments> arguments{};
  std::string text{};     // as its own side shows it
  std::string syscall{};  // as a system call; empty where no single one is behind it

  // Of the kernel's side.
  Origin origin = Origin::Unknown;
  std::string module{};         // the file with that instruction
  uint64_t module_address = 0;  // where it is in the file
  bool about_socket = true;
};

// What a program in a language above libc did: `line` of `file` called it.
struct Operation {
  std::string file{};
  uint32_t line = 0;
  std::string name{};
  // Between which calls of its thread it lies.
  uint32_t first_serial = 0;
  uint32_t last_serial = UINT32_MAX;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;

  bool operator==(const Operation&) const = default;
};

struct ComparedThread {
  uint32_t tid = 0;
  uint32_t pid = 0;
  std::vector<ComparedCall> calls{};  // in the order in which they were made
  std::vector<Operation> operations{};
};

// A program that began in a process.
struct ComparedProgram {
  uint32_t pid = 0;
  uint32_t process = 0;  // its index
  ProcessCause cause = ProcessCause::Start;
  uint32_t parent = 0;
  std::string name{};
};

struct Transcript {
  std::vector<ComparedThread> threads{};  // in the order in which they came up
  std::vector<ComparedProgram> programs{};
  uint64_t lost = 0;  // calls that could not be recorded
};

}  // namespace wireseam
