// SPDX-License-Identifier: Apache-2.0
#include "record/live_sieve.h"

#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/clock.h"
#include "common/error.h"
#include "inspector/recording/recording.h"

namespace wireseam {
namespace {

// A call is in its file within 20 ms, a packet within 40 (follow.cc, live_capture.h). Packets are
// looked at somewhat later than calls, which may tell whose they are.
constexpr uint64_t kCallsBehindNs = 20'000'000;
constexpr uint64_t kPacketsBehindNs = 60'000'000;
constexpr auto kPause = std::chrono::milliseconds(20);

}  // namespace

LiveSieve::LiveSieve(Fd calls, Fd packets, PacketWriter& kept)
    : calls_(std::move(calls)),
      part_(std::move(packets), kPacketsFile),
      sorter_(part_.sockets()),
      kept_(kept) {}

LiveSieve::~LiveSieve() { finish(); }

void LiveSieve::start() { thread_ = std::thread(&LiveSieve::run, this); }

void LiveSieve::finish() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
}

void LiveSieve::run() {
  try {
    for (; !ending_; std::this_thread::sleep_for(kPause)) step(realtime_ns());
    part_.end();
    hear(UINT64_MAX);
    step(UINT64_MAX);
  } catch (const Error&) {
    has_failed_ = true;  // whoever looks at all of it meets the same, and says so
  }
}

void LiveSieve::step(uint64_t now_ns) {
  hear(now_ns - kCallsBehindNs);
  part_.read_on(now_ns - kPacketsBehindNs);
  while (const RawPacket* packet = part_.peek()) {
    kept_.write(*packet);
    numbers_.push_back(packet->number);
    part_.take();
  }
}

void LiveSieve::hear(uint64_t horizon_ns) {
  struct stat status {};
  const bool is_begun = reader_ || (fstat(calls_.get(), &status) == 0 && status.st_size > 0);
  if (!is_begun) return;
  if (!reader_) reader_.emplace(std::move(calls_), kCallsFile);
  while (const auto record = reader_->next()) reader_->count(sorter_.hold(*record));
  for (auto time = sorter_.next_effect_ns(); time && *time <= horizon_ns;
       time = sorter_.next_effect_ns())
    sorter_.release_next();
}

bool LiveSieve::agrees_with(const PacketChoice& choice) const {
  return !has_failed_ && kept_.failure().empty() && numbers_.size() == choice.count() &&
         std::ranges::is_sorted(numbers_) &&
         std::ranges::all_of(numbers_, [&](uint64_t number) { return choice.is_chosen(number); });
}

}  // namespace wireseam
