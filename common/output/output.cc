// SPDX-License-Identifier: Apache-2.0
#include "common/output/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "common/private_mode.h"

namespace wireseam {
namespace {

// Ctrl-C is for the traced program: the command is to see the trace's end.
[[noreturn]] void become_command(int input, const char* command) {
  dup2(input, STDIN_FILENO);
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  execl("/bin/sh", "sh", "-c", command, nullptr);
  _exit(127);
}

// Whether it is worth another try. The program may have made a shared terminal non-blocking.
bool may_write_later(int fd, int errnum) {
  if (errnum == EINTR) return true;
  if (errnum != EAGAIN) return false;
  pollfd item{fd, POLLOUT, 0};
  poll(&item, 1, -1);
  return true;
}

// https://no-color.org: any value but an empty one.
bool terminal_has_color() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

}  // namespace

bool is_command(std::string_view target) {
  return target.starts_with('|') || target.starts_with('!');
}

Output::Output(int fd, std::string name)
    : fd_(fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)), name_(std::move(name)) {
  if (!fd_) throw Error("cannot use", name_, errno);
}

Output::Output(const std::string& target, FileStart start) : name_(target) {
  if (is_command(target)) {
    start_command(target.c_str() + 1);
    return;
  }
  const int how = start == FileStart::Append ? O_APPEND : O_TRUNC;
  fd_.reset(open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, kPrivateFile));
  if (!fd_) throw Error("cannot open", target, errno);
}

Output::~Output() {
  flush();
  fd_.reset();
  while (command_ > 0 && waitpid(command_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Output::start_command(const char* command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error("cannot create a pipe", errno);
  const Fd read_end(ends[0]);
  fd_.reset(ends[1]);
  command_ = fork();
  if (command_ < 0) throw Error("cannot create a process: fork", errno);
  if (command_ == 0) become_command(read_end.get(), command);
}

void Output::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && !failure_) {
    const ssize_t size = ::write(fd_.get(), rest.data(), rest.size());
    if (size >= 0)
      rest.remove_prefix(static_cast<size_t>(size));
    else if (!may_write_later(fd_.get(), errno))
      failure_.emplace("cannot write to", name_, errno);
  }
  buffer_.clear();
}

bool Output::is_terminal() const { return isatty(fd_.get()) == 1; }

bool use_color(Color color, const Output& output) {
  switch (color) {
    case Color::Always:
      return true;
    case Color::Never:
      return false;
    case Color::Auto:
      return output.is_terminal() && terminal_has_color();
  }
  return false;
}

}  // namespace wireseam
