// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/compare/random_run.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <random>

#include "tests/unit/trace/event_builder.h"
#include "tracer/compare/call_transcript.h"

namespace wireseam::test {
namespace {

constexpr uint64_t kBegin = 1'700'000'000'000'000'000;
constexpr uint64_t kStep = 1'000'000;

// A line of the log in its two halves: "recvfrom(", "3, ...) = 5". The second is empty where the
// thread ends in the call.
struct Syscall {
  std::string name;
  std::string rest;
};

struct LibcCall {
  EventBuilder event;
  uint64_t start_ns;
};

std::string number(uint64_t value) { return std::to_string(value); }

// What one thread does, on both sides.
class ThreadScript {
 public:
  ThreadScript(uint32_t tid, std::mt19937& random) : random_(random) { thread.tid = tid; }

  RandomRun::Thread thread;
  std::vector<LibcCall> libc;
  std::deque<Syscall> syscalls;
  std::vector<uint64_t> times;  // of the system calls

  void make(size_t calls) {
    libc_call("socketpair", syscall("socketpair(", "AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0"))
        .arguments({1, 1, 0, kPointer})
        .value(3, std::array<int, 2>{3, 4});
    shim_calls(3, false);
    shim_calls(4, false);
    for (size_t i = 0; i < calls; ++i) step();
    if (chance(3)) end_inside_a_call();
  }

 private:
  bool chance(unsigned one_in) { return random_() % one_in == 0; }
  uint64_t fd() { return 3 + random_() % 2; }

  uint64_t tick() { return now_ += kStep; }

  size_t syscall(const std::string& name, const std::string& rest) {
    times.push_back(tick());
    syscalls.push_back({name, rest});
    return made_++;
  }

  // A call that began just before its first system call.
  EventBuilder& libc_call(const char* name, std::vector<size_t> behind) {
    const uint64_t start = behind.empty() ? tick() : times[behind.front()] - kStep / 2;
    const uint64_t end = tick();
    libc.push_back({EventBuilder(name).thread(thread.tid).begins(start).lasts(end - start), start});
    thread.pairs.push_back(std::move(behind));
    return libc.back().event;
  }
  EventBuilder& libc_call(const char* name, size_t behind) {
    return libc_call(name, std::vector<size_t>{behind});
  }

  std::string payload() {
    return std::string(1 + random_() % 3, static_cast<char>('a' + random_() % 2));
  }

  void step() {
    switch (random_() % 8) {
      case 0:
        return receive(0);
      case 1:
        return receive(1 + static_cast<unsigned>(random_() % 3));
      case 2:
        return interrupted();
      case 3:
        return set_option();
      case 4:
        return resolve();
      case 5:
        return on_a_file();
      case 6:
        return shim_calls(fd(), true);
      default:
        return send();
    }
  }

  void send() {
    const std::string bytes = payload();
    const uint64_t to = fd();
    const std::string size = number(bytes.size());
    const size_t made =
        syscall("sendto(", number(to) + ", \"" + bytes + "\", " + size + ", 0, NULL, 0) = " + size);
    libc_call("send", made)
        .arguments({static_cast<int64_t>(to), kPointer, static_cast<int64_t>(bytes.size()), 0})
        .value(1, std::string_view(bytes))
        .returns(static_cast<int64_t>(bytes.size()));
  }

  // A signal may come again and again, and its handler may send.
  void receive(unsigned restarts) {
    const uint64_t from = fd();
    std::vector<size_t> parts;
    std::vector<size_t> sends;
    for (unsigned i = 0; i < restarts; ++i)
      parts.push_back(syscall("recvfrom(",
                              number(from) + ", 0x7ffd1230, 64, 0, NULL, NULL) = ? "
                                             "ERESTARTSYS (To be restarted if SA_RESTART is set)"));
    const std::string bytes = payload();
    const std::string rest =
        number(from) + ", \"" + bytes + "\", 64, 0, NULL, NULL) = " + number(bytes.size());
    if (restarts == 0 || chance(2)) {
      parts.push_back(syscall("recvfrom(", rest));
      received(from, bytes, parts);
      return;
    }
    // The handler's call comes between, and began after.
    const size_t nested = syscall("sendto(", "4, \"!\", 1, 0, NULL, 0) = 1");
    parts.push_back(syscall("recvfrom(", rest));
    received(from, bytes, parts);
    libc_call("send", nested)
        .arguments({4, kPointer, 1, 0})
        .value(1, std::string_view("!"))
        .returns(1);
  }

  void received(uint64_t from, const std::string& bytes, const std::vector<size_t>& parts) {
    libc_call("recv", parts)
        .arguments({static_cast<int64_t>(from), kPointer, 64, 0})
        .value(1, std::string_view(bytes))
        .returns(static_cast<int64_t>(bytes.size()));
  }

  void interrupted() {
    const uint64_t from = fd();
    const size_t made =
        syscall("recvfrom(", number(from) +
                                 ", 0x7ffd1230, 32, 0, NULL, NULL) = ? ERESTARTSYS (To "
                                 "be restarted if SA_RESTART is set)");
    libc_call("recv", made).arguments({static_cast<int64_t>(from), kPointer, 32, 0}).fails(EINTR);
  }

  void set_option() {
    const uint64_t on = random_() % 2;
    const size_t made =
        syscall("setsockopt(", "3, SOL_SOCKET, SO_KEEPALIVE, [" + number(on) + "], 4) = 0");
    libc_call("setsockopt", made)
        .arguments({3, 1, 9, kPointer, 4})
        .value(3, static_cast<int>(on))
        .returns(0);
  }

  // Of two in a row nothing but their times tells whose system calls are whose.
  void resolve() {
    std::vector<size_t> inside;
    const uint64_t start = tick();
    for (auto times_left = random_() % 3; times_left > 0; --times_left) {
      inside.push_back(
          syscall("socket(", "AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 5"));
      inside.push_back(syscall("connect(",
                               "5, {sa_family=AF_UNIX, sun_path=\"/var/run/nscd/socket\"}, 110) = "
                               "-1 ENOENT (No such file or directory)"));
      inside.push_back(syscall("close(", "5) = 0"));
    }
    libc_call("getaddrinfo", inside).begins(start).arguments({0, 0, 0, 0});
    libc.back().start_ns = start;
    send();
  }

  void on_a_file() { syscall("read(", "9, \"" + payload() + "\", 64) = 1"); }

  // What the shim does for itself, in a log that does not tell whose instruction it was.
  void shim_calls(uint64_t fd, bool names) {
    syscall("getsockopt(", number(fd) + ", SOL_SOCKET, SO_COOKIE, [7], [8]) = 0");
    if (!names) return;
    syscall("getsockname(", number(fd) + ", {sa_family=AF_UNIX}, [128 => 2]) = 0");
    syscall("getpeername(", number(fd) + ", {sa_family=AF_UNIX}, [128 => 2]) = 0");
  }

  void end_inside_a_call() {
    const size_t made = syscall("recvfrom(3, ", "");
    libc_call("recv", made).arguments({3, kPointer, 8, 0}).state(CallState::CutOff);
  }

  std::mt19937& random_;
  uint64_t now_ = kBegin;
  size_t made_ = 0;
};

// Lines of all threads in an order by chance; each thread's own lines keep theirs.
class LogWriter {
 public:
  LogWriter(std::vector<ThreadScript>& scripts, std::mt19937& random, LogTimes times)
      : scripts_(scripts), random_(random), times_(times), next_(scripts.size()) {}

  std::string write() {
    std::vector<size_t> live;
    for (size_t i = 0; i < scripts_.size(); ++i) live.push_back(i);
    while (!live.empty()) {
      const size_t choice = random_() % live.size();
      if (!write_line(live[choice])) live.erase(live.begin() + static_cast<ptrdiff_t>(choice));
    }
    return std::move(log_);
  }

 private:
  bool write_line(size_t index) {
    ThreadScript& script = scripts_[index];
    if (script.syscalls.empty()) {
      line(index) += "+++ exited with 0 +++\n";
      return false;
    }
    Syscall& syscall = script.syscalls.front();
    const bool begun = syscall.name.empty();
    if (begun) {
      line(index) += resumed_[index] + syscall.rest + "\n";
    } else if (syscall.rest.empty() || random_() % 3 == 0) {
      line(index) += syscall.name + " <unfinished ...>\n";
      resumed_[index] = "<... " + syscall.name.substr(0, syscall.name.find('(')) + " resumed>";
      syscall.name.clear();
      if (!syscall.rest.empty()) return true;
    } else {
      line(index) += syscall.name + syscall.rest + "\n";
    }
    ++next_[index];
    script.syscalls.pop_front();
    return true;
  }

  std::string& line(size_t index) {
    const ThreadScript& script = scripts_[index];
    log_ += number(script.thread.tid) + "  ";
    if (times_ == LogTimes::None) return log_;
    const size_t last = script.times.size() - 1;
    const uint64_t us = script.times[std::min(next_[index], last)] / 1000;
    std::string fraction = number(us % 1'000'000);
    fraction.insert(0, 6 - fraction.size(), '0');
    return log_ += number(us / 1'000'000) + "." + fraction + " ";
  }

  std::vector<ThreadScript>& scripts_;
  std::mt19937& random_;
  LogTimes times_;
  std::vector<size_t> next_;
  std::map<size_t, std::string> resumed_;
  std::string log_;
};

}  // namespace

RandomRun random_run(uint32_t seed, size_t threads, size_t calls, LogTimes times) {
  std::mt19937 random(seed);
  std::vector<ThreadScript> scripts;
  scripts.reserve(threads);
  for (size_t i = 0; i < threads; ++i)
    scripts.emplace_back(static_cast<uint32_t>(1000 + i), random).make(calls);
  RandomRun run;
  CallTranscript libc(View::Libc, {});
  for (ThreadScript& script : scripts)
    for (LibcCall& call : script.libc) libc.event(call.event.event());
  run.libc = libc.take();
  run.log = LogWriter(scripts, random, times).write();
  for (ThreadScript& script : scripts) run.threads.push_back(std::move(script.thread));
  return run;
}

}  // namespace wireseam::test
