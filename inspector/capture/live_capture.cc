// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/live_capture.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "common/clock.h"
#include "common/error.h"
#include "inspector/capture/link_type.h"
#include "inspector/capture/open_interface.h"

namespace wireseam {
namespace {

constexpr int kPacketsARound = 4096;
constexpr std::chrono::milliseconds kIdleWait{10};
constexpr uint64_t kCountEveryNs = 100'000'000;
constexpr int kLongestWaitMs = 1000;  // drops are counted even where nothing is captured
// The kernel hands a block over 10 ms after its first packet, a few more on a busy machine.
constexpr int kQuietWaitMs = 25;
constexpr int kQuietWaits = 2;

}  // namespace

LiveCapture::LiveCapture(const LiveOptions& options)
    : interface_(options.interface),
      handle_(open_interface(options)),
      stop_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      queue_(options.chunks) {
  if (!stop_event_) throw Error("cannot make an eventfd", errno);
  packet_.link_type = link_type_of(pcap_datalink(handle_.get()));
}

LiveCapture::~LiveCapture() {
  LiveCapture::stop();
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void LiveCapture::stop() {
  uint64_t not_stopped = 0;
  stop_ns_.compare_exchange_strong(not_stopped, clock_ns(CLOCK_REALTIME));
  // It fails only where the thread has been told already.
  const int error = errno;
  [[maybe_unused]] const int result = eventfd_write(stop_event_.get(), 1);
  errno = error;
}

const std::string& LiveCapture::flaw() const {
  static const std::string none;
  return ended_ ? flaw_ : none;
}

CaptureDrops LiveCapture::drops() const {
  return {.kernel = kernel_drops_, .interface = interface_drops_};
}

// Signals are for the thread that was there before.
void LiveCapture::start() {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

const RawPacket* LiveCapture::next() {
  if (!thread_.joinable()) start();
  if (!has_packet()) return nullptr;
  const Chunk::Entry& entry = chunk_->entries()[next_entry_++];
  ++packet_.number;
  packet_.time_ns = entry.time_ns;
  packet_.wire_length = entry.wire_length;
  packet_.bytes = chunk_->bytes(entry);
  return &packet_;
}

// Before it waits it answers once that there is none, so that what is there can be shown.
bool LiveCapture::has_packet() {
  if (chunk_ && next_entry_ < chunk_->entries().size()) return true;
  if (chunk_) queue_.give_back(std::move(chunk_));
  next_entry_ = 0;
  chunk_ = queue_.receive(idle_ ? kIdleWait : std::chrono::milliseconds(0));
  idle_ = chunk_ == nullptr;
  ended_ = idle_ && queue_.finished();
  return !idle_;
}

void LiveCapture::run() {
  while (stop_ns_ == 0 && !failed_) {
    if (!empty_ring()) wait(kLongestWaitMs);
    count_drops();
  }
  drain();
  counted_ns_ = 0;
  count_drops();
  queue_.finish();
}

// What was captured before the stop may be in a block that the kernel has not handed over yet.
void LiveCapture::drain() {
  for (int quiet = 0; quiet < kQuietWaits && !past_stop_ && !failed_;) {
    if (empty_ring()) {
      quiet = 0;
    } else {
      pollfd ring{.fd = pcap_get_selectable_fd(handle_.get()), .events = POLLIN, .revents = 0};
      poll(&ring, 1, kQuietWaitMs);
      if (ring.revents == 0) ++quiet;
    }
  }
}

void LiveCapture::wait(int timeout_ms) {
  std::array<pollfd, 2> events{
      {{pcap_get_selectable_fd(handle_.get()), POLLIN, 0}, {stop_event_.get(), POLLIN, 0}}};
  poll(events.data(), events.size(), timeout_ms);
}

// Whether there was anything in it.
bool LiveCapture::empty_ring() {
  const bool any = read_ring();
  while (!past_stop_ && read_ring()) {
  }
  hand_over();
  return any;
}

bool LiveCapture::read_ring() {
  const auto take = [](u_char* capture, const pcap_pkthdr* header, const u_char* bytes) {
    // With this precision tv_usec has nanoseconds.
    const uint64_t time_ns = static_cast<uint64_t>(header->ts.tv_sec) * 1'000'000'000 +
                             static_cast<uint64_t>(header->ts.tv_usec);
    reinterpret_cast<LiveCapture*>(capture)->keep(time_ns, header->len,
                                                  std::as_bytes(std::span(bytes, header->caplen)));
  };
  const int count =
      pcap_dispatch(handle_.get(), kPacketsARound, take, reinterpret_cast<u_char*>(this));
  if (count == PCAP_ERROR) {
    failed_ = true;
    flaw_ = "the capture on '" + interface_ + "' ended: " + pcap_geterr(handle_.get());
  }
  return count > 0;
}

void LiveCapture::keep(uint64_t time_ns, uint32_t wire_length, std::span<const std::byte> bytes) {
  const uint64_t stop_ns = stop_ns_.load(std::memory_order_relaxed);
  if (stop_ns != 0 && time_ns > stop_ns) {
    past_stop_ = true;
    return;
  }
  if (filling_ && !filling_->has_room(bytes.size())) hand_over();
  if (!filling_) filling_ = queue_.take_empty();
  if (filling_) filling_->add(time_ns, wire_length, bytes);
}

void LiveCapture::hand_over() {
  if (filling_ && !filling_->entries().empty()) queue_.hand_over(std::move(filling_));
}

void LiveCapture::count_drops() {
  const uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);
  if (now_ns - counted_ns_ < kCountEveryNs) return;
  counted_ns_ = now_ns;
  pcap_stat stat{};
  if (pcap_stats(handle_.get(), &stat) != 0) return;
  kernel_drops_ += stat.ps_drop - std::exchange(kernel_seen_, stat.ps_drop);
  interface_drops_ += stat.ps_ifdrop - std::exchange(interface_seen_, stat.ps_ifdrop);
}

}  // namespace wireseam
