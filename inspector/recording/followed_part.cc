// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/followed_part.h"

#include <utility>

#include "inspector/recording/host_addresses.h"

namespace wireseam {
namespace {

// Of undecided packets: others' SYNs, and fragments of their datagrams.
constexpr size_t kMostKept = 4096;

}  // namespace

FollowedPart::FollowedPart(const RecordingPart& part, const std::string& filter)
    : sockets_(host_addresses()), owners_(sockets_) {
  if (!part.meta.capture) return;
  is_sieved_ = part.meta.capture->sieved;
  file_.emplace(part.file(kPacketsFile), filter);
  file_->follow(FileGrowth::Growing);
}

FollowedPart::FollowedPart(Fd packets, const std::string& name)
    : sockets_(host_addresses()), owners_(sockets_) {
  file_.emplace(std::move(packets), name);
  file_->follow(FileGrowth::Growing);
}

void FollowedPart::read_on(uint64_t horizon_ns) {
  horizon_ns_ = horizon_ns;
  dry_ = false;
  retry_attempts();
}

void FollowedPart::end() {
  if (file_) file_->follow(FileGrowth::Complete);
}

const RawPacket* FollowedPart::peek() {
  while (ready_.empty() && file_ && !dry_) {
    if (next_ == nullptr) next_ = file_->next();
    dry_ = next_ == nullptr || next_->time_ns > horizon_ns_;
    if (!dry_) sort_in(*std::exchange(next_, nullptr));
  }
  return ready_.empty() ? nullptr : &ready_.front().raw;
}

void FollowedPart::sort_in(const RawPacket& raw) {
  switch (is_sieved_ ? PacketOwner::Program : owners_.owner(raw)) {
    case PacketOwner::Program:
      for (const uint64_t number : owners_.completed())
        if (auto fragment = fragments_.extract(number))
          ready_.push_back(std::move(fragment.mapped()));
      ready_.emplace_back(raw);
      break;
    case PacketOwner::Attempt:
      if (attempts_.size() == kMostKept) attempts_.pop_front();
      attempts_.emplace_back(raw);
      break;
    case PacketOwner::Fragment:
      if (fragments_.size() == kMostKept) fragments_.erase(fragments_.begin());
      fragments_.emplace(raw.number, raw);
      break;
    case PacketOwner::Other:
      break;
  }
}

// A connect(2) that was waiting for its answer has told its socket's name.
void FollowedPart::retry_attempts() {
  std::erase_if(attempts_, [this](KeptPacket& attempt) {
    if (owners_.owner(attempt.raw) != PacketOwner::Program) return false;
    ready_.push_back(std::move(attempt));
    return true;
  });
}

}  // namespace wireseam
