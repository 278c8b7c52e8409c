// SPDX-License-Identifier: Apache-2.0
#include "demo/player/samples.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "common/error.h"
#include "demo/player/ends.h"

namespace wireseam::player {
namespace {

constexpr std::string_view kAnnouncement = "listening on ";

std::string quoted(const std::string& word) {
  return word.find(' ') == word.npos ? word : "'" + word + "'";
}

std::string path_of(const std::string& sample) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / sample;
}

// As one would type it. A sample that isn't there must not look like one that failed.
void show(const std::vector<std::string>& command) {
  const std::string path = path_of(command.front());
  if (access(path.c_str(), X_OK) != 0)
    throw Error("cannot run", path, errno).with_cure("The samples belong beside wireseam.");
  std::string line = "$";
  for (const std::string& word : command) line += " " + quoted(word);
  tell(line);
}

[[noreturn]] void execute(const std::vector<std::string>& command) {
  const std::string path = path_of(command.front());
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(path.c_str(), arguments.data());
  throw Error("cannot run", path, errno);
}

void reap(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::string read_line(const Fd& from) {
  std::string line;
  for (char next = 0; read(from.get(), &next, 1) == 1 && next != '\n';) line += next;
  return line;
}

}  // namespace

void run_sample(const std::vector<std::string>& command, Failure failure) {
  show(command);
  const pid_t pid = start_process(command.front(), [&] { execute(command); });
  try {
    wait_for(pid, command.front());
  } catch (const Error&) {
    if (failure == Failure::Unexpected) throw;
  }
}

SampleClient::SampleClient(const std::vector<std::string>& command) {
  show(command);
  std::array<int, 2> ends{};
  checked(pipe(ends.data()), "pipe");
  Fd theirs(ends[0]);
  input_.reset(ends[1]);
  pid_ = start_process(command.front(), [&] {
    checked(dup2(theirs.get(), STDIN_FILENO), "dup2");
    theirs.reset();
    input_.reset();
    execute(command);
  });
}

SampleClient::~SampleClient() {
  input_.reset();
  reap(pid_);
}

void SampleClient::tell(const std::string& message) {
  player::tell(message);  // as who has typed it sees it
  const std::string line = message + "\n";
  checked_size(write(input_.get(), line.data(), line.size()), "write");
}

SampleServer::SampleServer(const std::vector<std::string>& command) {
  show(command);
  std::array<int, 2> ends{};
  checked(pipe(ends.data()), "pipe");
  output_.reset(ends[0]);
  Fd theirs(ends[1]);
  pid_ = start_process(command.front(), [&] {
    checked(dup2(theirs.get(), STDOUT_FILENO), "dup2");
    theirs.reset();
    output_.reset();
    execute(command);
  });
  theirs.reset();
  const std::string line = read_line(output_);
  if (!line.starts_with(kAnnouncement)) throw Error(command.front() + " does not listen");
  address_ = line.substr(kAnnouncement.size());
}

SampleServer::~SampleServer() {
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  reap(pid_);
}

void SampleServer::wait() {
  const pid_t pid = pid_;
  pid_ = -1;
  wait_for(pid, "the server");
}

}  // namespace wireseam::player
