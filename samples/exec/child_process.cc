// SPDX-License-Identifier: Apache-2.0
// Starts, kills and reaps. posix_spawn(3) rather than fork(2): the server may have threads.
#include "samples/exec/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

// glibc 2.36 forgets to say that these are C.
extern "C" {
#include <sys/pidfd.h>
}

#include <cassert>
#include <cerrno>

#include "common/error.h"

namespace wireseam::samples {
namespace {

struct Pipe {
  Fd reading;
  Fd writing;
};

Pipe open_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) throw Error("pipe2", errno);
  return {Fd(fds[0]), Fd(fds[1])};
}

// The posix_spawn functions return an errno value.
void require(int errnum, const char* call) {
  if (errnum != 0) throw Error(call, errnum);
}

// The shell's descriptors: /dev/null, the two pipes, and nothing else that is open here.
class FileActions {
 public:
  FileActions(const Pipe& out, const Pipe& err) {
    require(posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
    require(posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
            "posix_spawn_file_actions_addopen");
    require(posix_spawn_file_actions_adddup2(&actions_, out.writing.get(), STDOUT_FILENO),
            "posix_spawn_file_actions_adddup2");
    require(posix_spawn_file_actions_adddup2(&actions_, err.writing.get(), STDERR_FILENO),
            "posix_spawn_file_actions_adddup2");
    require(posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1),
            "posix_spawn_file_actions_addclosefrom_np");
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// A process group of its own, no signal blocked, and none ignored: the server ignores SIGPIPE, but
// `yes | head -1` counts on it.
class Attributes {
 public:
  Attributes() {
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    require(posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    require(posix_spawnattr_setpgroup(&attributes_, 0), "posix_spawnattr_setpgroup");
    require(posix_spawnattr_setsigdefault(&attributes_, &all), "posix_spawnattr_setsigdefault");
    require(posix_spawnattr_setsigmask(&attributes_, &none), "posix_spawnattr_setsigmask");
    require(posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                                       POSIX_SPAWN_SETSIGMASK),
            "posix_spawnattr_setflags");
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

ChildProcess::ChildProcess(const std::string& line) {
  Pipe out = open_pipe();
  Pipe err = open_pipe();
  const FileActions actions(out, err);
  const Attributes attributes;
  // exec(3) takes the arguments as char*, yet changes none of them.
  std::string words[] = {"sh", "-c", line};
  char* argv[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};

  require(posix_spawn(&pid_, "/bin/sh", actions.get(), attributes.get(), argv, environ),
          "posix_spawn /bin/sh");
  out_ = std::move(out.reading);
  err_ = std::move(err.reading);
  pidfd_.reset(pidfd_open(pid_, 0));
  if (pidfd_) return;
  const int errnum = errno;
  kill_group();
  wait();
  throw Error("pidfd_open", errnum);
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  kill_group();
  wait();
}

void ChildProcess::kill_group() const {
  assert(pid_ > 0);
  // ESRCH is the wish fulfilled: nobody is left in the group.
  kill(-pid_, SIGKILL);
}

int ChildProcess::wait() {
  assert(pid_ > 0);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace wireseam::samples
