// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/launch.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

#include "common/error.h"
#include "tracer/collect/search_path.h"
#include "tracer/collect/user.h"

namespace wireseam {
namespace {

// What is sent to the waiting process: this byte, then each item with its NUL. The byte says that
// it is to start even where the environment is empty.
constexpr char kGo = '!';

pid_t fork_or_throw() {
  const pid_t pid = fork();
  if (pid < 0) throw Error("cannot create a process: fork", errno);
  return pid;
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = read(fd, buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<size_t>(size));
    if (size == 0 || (size < 0 && errno != EINTR)) return text;
  }
}

// No value where the tracer ended without having started the program.
std::optional<ProgramEnvironment> receive_environment(int fd) {
  const std::string text = read_all(fd);
  if (text.empty() || text.front() != kGo) return std::nullopt;
  ProgramEnvironment environment;
  for (size_t begin = 1; begin < text.size(); begin += environment.back().size() + 1)
    environment.emplace_back(text.c_str() + begin);
  return environment;
}

std::vector<char*> pointers_to(std::vector<std::string>& items) {
  std::vector<char*> pointers;
  for (std::string& item : items) pointers.push_back(item.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What execvp(3) does with a script that lacks its first line.
void execute_by_shell(const ProgramCommand& command, char* const* environment) {
  std::vector<std::string> arguments = command.arguments;
  arguments.erase(arguments.begin());
  arguments.insert(arguments.begin(), {"/bin/sh", command.path});
  execve("/bin/sh", pointers_to(arguments).data(), environment);
}

// Returns only when the file can't be executed, with errno.
void execute(const ProgramCommand& command, ProgramEnvironment& environment) {
  std::vector<std::string> arguments = command.arguments;
  const auto variables = pointers_to(environment);
  execve(command.path.c_str(), pointers_to(arguments).data(), variables.data());
  if (errno == ENOEXEC) execute_by_shell(command, variables.data());
}

[[noreturn]] void fail(const Error& error, int exit_status) {
  fprintf(stderr, "wireseam: %s\n", error.what());
  _exit(exit_status);
}

struct Pipe {
  Fd read_end;
  Fd write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error("cannot create a pipe", errno);
  return {Fd(ends[0]), Fd(ends[1])};
}

[[noreturn]] void become(const ProgramCommand& command, Pipe& starter) {
  starter.write_end.reset();  // else its end would never come
  auto environment = receive_environment(starter.read_end.get());
  if (!environment) _exit(EXIT_FAILURE);
  try {
    if (!command.user.empty()) become_user(command.user);
  } catch (const Error& error) {
    fail(error, EXIT_FAILURE);
  }
  execute(command, *environment);
  const CannotRun error(command.arguments.front(), errno);
  fail(error, error.exit_status());
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = write(fd, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return;  // it was killed while it waited, which the tracer sees by itself
    text.remove_prefix(static_cast<size_t>(size));
  }
}

// The pid of the child.
pid_t fork_child(const ProgramCommand& command, Pipe& starter) {
  const pid_t pid = fork_or_throw();
  if (pid == 0) become(command, starter);
  return pid;
}

// The pid of this process, in a grandchild of it.
pid_t fork_tracer(const ProgramCommand& command, Pipe& starter) {
  const pid_t program = getpid();
  const pid_t child = fork_or_throw();
  if (child != 0) {
    waitpid(child, nullptr, 0);
    become(command, starter);
  }
  const pid_t grandchild = fork();
  if (grandchild != 0) _exit(grandchild < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
  return program;
}

}  // namespace

Program::Program(const ProgramCommand& command, ProgramParent parent) : parent_(parent) {
  Pipe starter = make_pipe();
  pid_ = parent == ProgramParent::Tracer ? fork_child(command, starter)
                                         : fork_tracer(command, starter);
  pidfd_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  starter_ = std::move(starter.write_end);
}

void Program::start(const ProgramEnvironment& environment) {
  std::string text(1, kGo);
  for (const std::string& item : environment) text.append(item).push_back('\0');
  write_all(starter_.get(), text);
  starter_.reset();
}

int end_like(int wait_status) {
  if (!WIFSIGNALED(wait_status)) return WEXITSTATUS(wait_status);
  const int signal_number = WTERMSIG(wait_status);
  // A core of ours could overwrite the program's.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  sigset_t only_this;
  sigemptyset(&only_this);
  sigaddset(&only_this, signal_number);
  signal(signal_number, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &only_this, nullptr);
  raise(signal_number);
  return 128 + signal_number;
}

}  // namespace wireseam
