// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/followed_recording.h"

#include <time.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/clock.h"
#include "tracer/trace/both_events.h"

namespace wireseam {
namespace {

// A packet is in its file within 120 ms, a call in 20 (live_sieve.cc, follow.cc): see
// docs/lanes.md, "While it is recorded".
constexpr uint64_t kDelayNs = 200'000'000;
constexpr uint64_t kAheadNs = 20'000'000;
constexpr long kPauseNs = 10'000'000;

void pause() {
  const timespec time{.tv_sec = 0, .tv_nsec = kPauseNs};
  nanosleep(&time, nullptr);  // a signal that stops us ends it
}

}  // namespace

FollowedRecording::FollowedRecording(Recording recording, RecordedEvents& calls,
                                     EventSink& foreknowledge, std::string filter, Tell tell)
    : recording_(std::move(recording)),
      calls_(calls),
      foreknowledge_(foreknowledge),
      filter_(std::move(filter)),
      tell_(std::move(tell)),
      ahead_(recording_) {
  calls_.read_on(0);
  add_parts();
}

const RawPacket* FollowedRecording::next() {
  if (const RawPacket* packet = take_next()) return packet;
  if (all_over_) {
    end();
    return nullptr;
  }
  if (horizon_ns_ != 0) pause();
  look();
  return take_next();
}

// Who runs is asked first: what ended by then is there to be read.
void FollowedRecording::look() {
  const uint64_t now_ns = realtime_ns();
  recording_.refresh();
  all_over_ = stopping_ || !recording_.is_running();
  add_parts();
  end_parts();
  horizon_ns_ = all_over_ ? UINT64_MAX : now_ns - kDelayNs;
  look_ahead(all_over_ ? UINT64_MAX : now_ns - kAheadNs);
  for (const auto& part : parts_) part->read_on(horizon_ns_);
  calls_.read_on(horizon_ns_);
}

void FollowedRecording::add_parts() {
  const auto& parts = recording_.parts();
  for (size_t i = parts_.size(); i < parts.size(); ++i) {
    parts_.push_back(std::make_unique<FollowedPart>(parts[i], filter_));
    over_.push_back(false);
    for (const std::string& line : parts[i].meta.missing) tell_(parts[i].folder + ": " + line);
    if (horizon_ns_ == 0) continue;
    ahead_.join(parts[i]);
    calls_.join(parts[i]);
    tell_(parts[i].folder + ": has joined");
  }
}

void FollowedRecording::end_parts() {
  for (size_t i = 0; i < parts_.size(); ++i) {
    const RecordingPart& part = recording_.parts()[i];
    if (over_[i] || part.state == RecordingState::Running) continue;
    over_[i] = true;
    parts_[i]->end();
    if (part.state == RecordingState::BrokenOff)
      tell_(part.folder + ": its recorder died; this is what there was until then");
  }
}

void FollowedRecording::look_ahead(uint64_t horizon_ns) {
  ahead_.read_on(horizon_ns);
  while (ahead_.peek_time_ns()) {
    BothEvents sinks(parts_[ahead_.peek_part()]->sockets(), foreknowledge_);
    ahead_.step(sinks);
  }
}

const RawPacket* FollowedRecording::take_next() {
  if (current_ != nullptr) current_->take();
  for (current_ = first_part(); current_ != nullptr; current_ = first_part()) {
    const auto place = std::ranges::find(parts_, current_, &std::unique_ptr<FollowedPart>::get);
    if (copies_.is_new(*current_->peek(), source_of(*current_->peek(), place - parts_.begin())))
      break;
    current_->take();
  }
  if (current_ == nullptr) return nullptr;
  const uint64_t number = packet_.number + 1;
  packet_ = *current_->peek();
  packet_.number = number;
  return &packet_;
}

FollowedPart* FollowedRecording::first_part() {
  FollowedPart* first = nullptr;
  for (const auto& part : parts_) {
    const RawPacket* packet = part->peek();
    if (packet != nullptr && (first == nullptr || packet->time_ns < first->peek()->time_ns))
      first = part.get();
  }
  return first;
}

void FollowedRecording::end() {
  if (std::exchange(ended_, true)) return;
  for (const auto& part : parts_)
    if (part->file() != nullptr && !part->file()->flaw().empty())
      flaw_ += (flaw_.empty() ? "" : "; ") + part->file()->flaw();
}

CaptureDrops FollowedRecording::drops() const {
  CaptureDrops drops;
  for (const RecordingPart& part : recording_.parts()) {
    if (!part.meta.capture) continue;
    drops.kernel += part.meta.capture->drops.kernel;
    drops.interface += part.meta.capture->drops.interface;
  }
  return drops;
}

std::vector<uint32_t> FollowedRecording::link_types() const {
  std::set<uint32_t> all;
  for (const auto& part : parts_) {
    if (part->file() == nullptr) continue;
    for (const uint32_t link_type : part->file()->link_types()) all.insert(link_type);
  }
  return {all.begin(), all.end()};
}

}  // namespace wireseam
