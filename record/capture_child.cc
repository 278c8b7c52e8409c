// SPDX-License-Identifier: Apache-2.0
#include "record/capture_child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <string_view>

#include "common/error.h"
#include "common/private_mode.h"
#include "inspector/capture/drop_privileges.h"
#include "inspector/capture/live_capture.h"
#include "inspector/capture/packet_writer.h"
#include "inspector/recording/recording.h"
#include "record/live_sieve.h"
#include "record/packet_sieve.h"
#include "tracer/collect/own_limits.h"

namespace wireseam {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kNameless = ".packets";

// In which the last ACKs come: a kernel delays them by 40 ms at most.
constexpr auto kLinger = std::chrono::milliseconds(100);
constexpr uint64_t kLookEvery = 256;  // packets
// MiB that may wait for the disk; no more are made than are needed.
constexpr size_t kChunks = 256;

void send_all(const Fd& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return;  // the tracer died
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

template <typename Message>
void send_message(const Fd& socket, const Message& message, const std::string& text) {
  send_all(socket, {reinterpret_cast<const char*>(&message), sizeof message});
  send_all(socket, text);
}

Fd open_to_read(const std::string& path) {
  Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw Error("cannot open", path, errno);
  return file;
}

// Another look at an open file, from its beginning.
Fd reopen(const Fd& file) { return open_to_read("/proc/self/fd/" + std::to_string(file.get())); }

// Where all packets go, also those of others: a file without a name, which is gone with us.
Fd make_nameless(const std::string& folder) {
  Fd file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kPrivateFile));
  if (file) return file;
  const std::string path = folder + "/" + kNameless;  // not all file systems can
  file.reset(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateFile));
  if (!file) throw Error("cannot create", path, errno);
  unlink(path.c_str());
  return file;
}

class CaptureChild {
 public:
  // Opens all that it will need, and gives up the rights for it.
  CaptureChild(const CaptureJob& job, const Fd& socket)
      : folder_(job.folder),
        interface_(job.interface),
        socket_(socket),
        capture_(std::in_place,
                 LiveOptions{.interface = job.interface, .filter = job.filter, .chunks = kChunks}),
        nameless_(make_nameless(job.folder)),
        all_(Fd(fcntl(nameless_.get(), F_DUPFD_CLOEXEC, 0)), path(kNameless),
             capture_->link_types()),
        kept_(path(kPacketsFile), capture_->link_types()),
        calls_(open_to_read(path(kCallsFile))),
        packets_(reopen(nameless_)),
        live_(open_to_read(path(kCallsFile)), reopen(nameless_), kept_) {
    drop_privileges();
    live_.start();
  }

  void run();

 private:
  std::string path(const char* name) const { return folder_ + "/" + name; }
  void capture();
  void look_at_tracer();
  void sieve();
  void add_flaw(const std::string& flaw);
  std::string nothing_passed() const;
  void report();

  std::string folder_;
  std::string interface_;
  const Fd& socket_;
  std::optional<LiveCapture> capture_;
  Fd nameless_;
  PacketWriter all_;
  PacketWriter kept_;
  Fd calls_;
  Fd packets_;
  LiveSieve live_;
  std::optional<Clock::time_point> end_;  // when the program has ended, and some time after
  CaptureCounts counts_;
  std::string flaws_;
};

void CaptureChild::run() {
  capture();
  sieve();
  report();
}

void CaptureChild::capture() {
  while (!capture_->ended()) {
    const RawPacket* packet = capture_->next();
    if (packet != nullptr) all_.write(*packet);
    if (packet == nullptr || ++counts_.captured % kLookEvery == 0) look_at_tracer();
  }
  counts_.kernel_drops = capture_->drops().kernel;
  counts_.interface_drops = capture_->drops().interface;
  add_flaw(capture_->flaw());
  add_flaw(all_.failure());
  capture_.reset();
  live_.finish();
}

void CaptureChild::look_at_tracer() {
  pollfd said{socket_.get(), POLLIN, 0};
  if (!end_ && poll(&said, 1, 0) == 1) {
    char stop = 0;
    static_cast<void>(recv(socket_.get(), &stop, sizeof stop, 0));  // nothing where it died
    end_ = Clock::now() + kLinger;
  }
  if (end_ && Clock::now() >= *end_) capture_->stop();
}

void CaptureChild::sieve() {
  try {
    const bool has_connections = sieve_packets(calls_, packets_, live_, kept_);
    if (has_connections && kept_.packets() == 0) add_flaw(nothing_passed());
  } catch (const Error& error) {
    add_flaw(error.what());
  }
  add_flaw(kept_.failure());
  counts_.kept = kept_.packets();
}

void CaptureChild::add_flaw(const std::string& flaw) {
  if (!flaw.empty()) flaws_ += (flaws_.empty() ? "" : "\n") + flaw;
}

std::string CaptureChild::nothing_passed() const {
  return "the program had connections, but none of their packets was captured on '" + interface_ +
         "'; is it in another network namespace?";
}

void CaptureChild::report() { send_message(socket_, counts_, flaws_); }

// Neither what the terminal sends nor what is sent to the program's process group is meant for it:
// it ends when the tracer says so or dies.
void leave_terminal() {
  setsid();
  for (const int signal : {SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE, SIGXFSZ})
    std::signal(signal, SIG_IGN);
  // Whoever reads what the program prints waits for the last one that may write there.
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, fd);
}

void tell_failure(const Fd& socket, const Error& error) {
  const auto state = error.errnum() == EPERM ? CaptureState::NoRight : CaptureState::Failed;
  send_message(socket, state, error.what() + std::string(1, '\0') + error.cure());
}

}  // namespace

void run_capture(const CaptureJob& job, const Fd& socket) {
  leave_terminal();
  try {
    lift_own_limits();
    CaptureChild child(job, socket);
    send_message(socket, CaptureState::Ready, "");
    child.run();
  } catch (const Error& error) {
    tell_failure(socket, error);
  }
  _exit(0);
}

}  // namespace wireseam
