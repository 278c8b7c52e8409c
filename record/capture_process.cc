// SPDX-License-Identifier: Apache-2.0
#include "record/capture_process.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "common/error.h"
#include "record/capture_child.h"

namespace wireseam {
namespace {

// So many bytes, or fewer where the child has ended before.
std::string receive(const Fd& socket, size_t size) {
  std::string bytes(size, '\0');
  size_t received = 0;
  while (received < size) {
    const ssize_t count = recv(socket.get(), bytes.data() + received, size - received, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    received += static_cast<size_t>(count);
  }
  bytes.resize(received);
  return bytes;
}

std::string receive_rest(const Fd& socket) {
  constexpr size_t kPiece = 4096;
  std::string text;
  for (std::string piece = receive(socket, kPiece); !piece.empty(); piece = receive(socket, kPiece))
    text += piece;
  return text;
}

template <typename Message>
bool receive_message(const Fd& socket, Message& message) {
  const std::string bytes = receive(socket, sizeof message);
  if (bytes.size() != sizeof message) return false;
  bytes.copy(reinterpret_cast<char*>(&message), sizeof message);
  return true;
}

[[noreturn]] void throw_failure(const Fd& socket, CaptureState state) {
  const std::string text = receive_rest(socket);
  const std::string what = text.substr(0, text.find('\0'));
  const std::string cure = text.substr(std::min(text.size(), what.size() + 1));
  if (state == CaptureState::NoRight) throw NoCaptureRight(what, cure);
  throw Error(what.empty() ? "the process that captures has died" : what).with_cure(cure);
}

}  // namespace

CaptureProcess::CaptureProcess(const CaptureJob& job) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw Error("cannot create a socket", errno);
  socket_.reset(ends[0]);
  Fd theirs(ends[1]);
  pid_ = fork();
  if (pid_ < 0) throw Error("cannot create a process: fork", errno);
  if (pid_ == 0) {
    socket_.reset();  // else the tracer's end would never come
    run_capture(job, theirs);
  }
  theirs.reset();
  auto state = CaptureState::Failed;
  if (receive_message(socket_, state) && state == CaptureState::Ready) return;
  wait();
  throw_failure(socket_, state);
}

CaptureProcess::~CaptureProcess() {
  if (pid_ < 0) return;
  socket_.reset();
  wait();
}

CaptureReport CaptureProcess::finish() {
  // Where it has died there is nobody to be told.
  [[maybe_unused]] const ssize_t sent =
      send(socket_.get(), &kCaptureStop, sizeof kCaptureStop, MSG_NOSIGNAL);
  CaptureCounts counts;
  if (!receive_message(socket_, counts)) {
    wait();
    CaptureReport died;
    died.has_died = true;
    died.flaws = "the process that captures has died, and those that passed since are missing";
    return died;
  }
  CaptureReport report{
      .captured = counts.captured,
      .kept = counts.kept,
      .drops = {.kernel = counts.kernel_drops, .interface = counts.interface_drops},
      .flaws = receive_rest(socket_)};
  wait();
  return report;
}

// The tracer may have reaped it, with the program's processes.
void CaptureProcess::wait() {
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace wireseam
