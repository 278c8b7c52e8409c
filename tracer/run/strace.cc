// SPDX-License-Identifier: Apache-2.0
#include "tracer/run/strace.h"

#include <set>

#include "common/error.h"
#include "tracer/collect/search_path.h"
#include "tracer/collect/trace_program.h"
#include "tracer/trace/call_info.h"

namespace wireseam {
namespace {

// Behind no function of calls.def, but what happens can't be told without them.
constexpr const char* kMoreSyscalls[] = {"clone", "clone3", "restart_syscall"};

ProgramCommand find_strace(const std::vector<std::string>& command) {
  try {
    return find_command(command, {});
  } catch (const CannotRun&) {
    throw Error("cannot find strace, which is needed here")
        .with_cure(
            "Install the package strace: 'apt install strace', 'dnf install strace' or "
            "'pacman -S strace'.");
  }
}

void append(std::vector<std::string>& words, std::initializer_list<std::string> more) {
  words.insert(words.end(), more);
}

}  // namespace

ProgramCommand strace_command(const StraceRequest& request) {
  const ProgramCommand program = find_command(request.command, {});
  std::vector<std::string> words = {"strace", "-D", "-f", "-ttt", "-T"};
  // Arrays whole, but an environment as a count.
  append(words, {"-e", "abbrev=execve,execveat"});
  // Without signals it would not say by which one a process ended, either.
  append(words, {"-s", std::to_string(request.string_limit), "-e", "signal=!SIGCHLD"});
  append(words, {"-o", request.output});
  words.insert(words.end(), request.options.begin(), request.options.end());
  for (const std::string& change : request.environment_changes) append(words, {"-E", change});
  if (!request.user.empty()) append(words, {"-u", request.user});
  append(words, {"--"});
  words.insert(words.end(), request.command.begin(), request.command.end());
  return find_strace(words);
}

std::string traced_syscalls() {
  std::set<std::string> names(std::begin(kMoreSyscalls), std::end(kMoreSyscalls));
  for (const CallInfo& call : all_calls()) {
    if (call.syscall.empty()) continue;
    names.emplace(call.syscall);
    names.emplace(call.name);  // it may also be that of a system call which libc does not use
  }
  std::string list;
  // A question mark: an older strace, or another processor, need not know it.
  for (const std::string& name : names) list += (list.empty() ? "?" : ",?") + name;
  return list;
}

void refuse_silence() {
  throw Error("strace could not trace the program")
      .with_cure(
          "It needs the right to use ptrace(2): a container may have to be given "
          "CAP_SYS_PTRACE, and /proc/sys/kernel/yama/ptrace_scope must not forbid it.");
}

}  // namespace wireseam
