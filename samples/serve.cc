// SPDX-License-Identifier: Apache-2.0
// Accept loops. Sends and receives nothing itself.
#include "samples/serve.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "common/error.h"
#include "samples/program.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

void serve(const Connection& client, const Handler& handle) {
  try {
    handle(client);
  } catch (const std::exception& error) {
    warn(error.what());
  }
}

// A thread for each client.
class ClientThreads {
 public:
  explicit ClientThreads(const Handler& handle) : handle_(handle) {}

  // Wakes the threads from recv(2) and send(2), and waits until they are through.
  ~ClientThreads() {
    std::unique_lock lock(mutex_);
    for (const auto& [fd, thread] : running_) shutdown(fd, SHUT_RDWR);
    all_ended_.wait(lock, [this] { return running_.empty(); });
  }

  void start(Connection client) {
    const int fd = client.fd.get();
    const std::lock_guard lock(mutex_);
    ended_.clear();  // joins them; they have nothing left to do
    running_.emplace(fd, [this, client = std::move(client)]() mutable { run(std::move(client)); });
  }

 private:
  void run(Connection client) {
    try {
      serve(client, handle_);
    } catch (const Stopped&) {
      // main has heard it too, or will.
    }
    // Closed under the lock: else the destructor could shut down a new socket of the same number.
    const std::lock_guard lock(mutex_);
    const auto self = running_.find(client.fd.get());
    ended_.push_back(std::move(self->second));
    running_.erase(self);
    client.fd.reset();
    if (running_.empty()) all_ended_.notify_all();
  }

  const Handler& handle_;
  std::mutex mutex_;
  std::condition_variable all_ended_;
  std::map<int, std::jthread> running_;  // by the client's descriptor
  std::vector<std::jthread> ended_;
};

// The kernel reaps the children: no zombies, and no handler that calls waitpid(2).
void set_sigchld(void (*handler)(int)) {
  if (signal(SIGCHLD, handler) == SIG_ERR) throw Error("signal SIGCHLD", errno);
}

// False in a child whose server ended before it could be told so.
bool stop_with_parent(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) throw Error("prctl PR_SET_PDEATHSIG", errno);
  return getppid() == parent;
}

}  // namespace

bool is_passing_accept_error(int errnum) {
  // accept(2): the errors of a connection that has failed already, and those of resources; ENOSPC
  // is epoll_ctl(2)'s, when the new client is to be watched.
  static constexpr std::array kPassing = {
      EAGAIN, EINTR,       ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH,
      ENONET, ENOPROTOOPT, EPERM,        EMFILE, ENFILE,   ENOBUFS,     ENOMEM,    ENOSPC,
  };
  return std::ranges::find(kPassing, errnum) != kPassing.end();
}

Connection next_client(const Listener& listener) {
  for (bool reported = false;; reported = true) {
    if (stop_requested()) throw Stopped();
    try {
      return listener.accept();
    } catch (const Error& error) {
      if (!is_passing_accept_error(error.errnum())) throw;
      if (!reported) warn(error.what());
    }
    std::this_thread::sleep_for(kAcceptAgain);
  }
}

void serve_sequentially(const Listener& listener, const Handler& handle) {
  while (true) serve(next_client(listener), handle);
}

void serve_in_threads(const Listener& listener, const Handler& handle) {
  ClientThreads threads(handle);
  while (true) {
    try {
      threads.start(next_client(listener));
    } catch (const std::system_error& error) {
      warn(std::string("no thread for a client: ") + error.what());
    }
  }
}

void serve_in_processes(Listener& listener, const Handler& handle) {
  set_sigchld(SIG_IGN);
  const pid_t server = getpid();
  while (true) {
    const Connection client = next_client(listener);
    const pid_t pid = fork();
    if (pid < 0) warn(Error("no process for a client: fork", errno).what());
    if (pid != 0) continue;

    listener.abandon();
    set_sigchld(SIG_DFL);
    if (stop_with_parent(server)) serve(client, handle);
    return;
  }
}

}  // namespace wireseam::samples
