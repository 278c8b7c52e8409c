// SPDX-License-Identifier: Apache-2.0
// The kernel stamps a packet once, however many capture it: two captures on one machine have it
// with the same nanosecond and the same bytes.
#include "inspector/recording/merged_packets.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/error.h"

namespace wireseam {
namespace {

// Files are nearly in the order of time: CPUs write to the ring side by side.
constexpr size_t kRemembered = 1024;
constexpr uintmax_t kHeaderSize = 24;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

size_t hash_of(const RawPacket& packet) {
  const size_t hash = std::hash<std::string_view>()(text_of(packet.bytes));
  return hash ^ packet.time_ns ^ packet.link_type;
}

std::string no_packets(const Recording& recording) {
  std::string text = "the recording has no packets";
  for (const std::string& line : recording.missing()) text += "\n" + line;
  return text;
}

}  // namespace

MergedPackets::MergedPackets(const Recording& recording, const std::string& filter) {
  for (const RecordingPart& part : recording.parts())
    if (part.meta.capture) open(part, filter);
  if (sources_.empty()) throw Error(no_packets(recording));
  for (const auto& source : sources_) advance(*source);
}

// A recorder may die before it has written the header.
void MergedPackets::open(const RecordingPart& part, const std::string& filter) {
  const std::string path = part.file(kPacketsFile);
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size < kHeaderSize) return add_flaw("'" + path + "' was cut off at its beginning");
  sources_.push_back(std::make_unique<Source>(path, filter));
  drops_.kernel += part.meta.capture->drops.kernel;
  drops_.interface += part.meta.capture->drops.interface;
}

bool MergedPackets::has_one_link_type() const {
  return std::ranges::all_of(
      sources_, [this](const auto& source) { return source->file.link_type() == link_type(); });
}

void MergedPackets::stop() {
  for (const auto& source : sources_) source->file.stop();
}

const RawPacket* MergedPackets::next() {
  if (current_ != nullptr) advance(*current_);
  for (current_ = first_source(); current_ != nullptr; current_ = first_source()) {
    const auto place = std::ranges::find(sources_, current_, &std::unique_ptr<Source>::get);
    if (is_new(*current_->packet, static_cast<size_t>(place - sources_.begin()))) break;
    advance(*current_);
  }
  ended_ = current_ == nullptr;
  if (ended_) return nullptr;
  const uint64_t number = packet_.number + 1;
  packet_ = *current_->packet;
  packet_.number = number;
  return &packet_;
}

MergedPackets::Source* MergedPackets::first_source() {
  Source* first = nullptr;
  for (const auto& source : sources_)
    if (source->packet != nullptr &&
        (first == nullptr || source->packet->time_ns < first->packet->time_ns))
      first = source.get();
  return first;
}

void MergedPackets::advance(Source& source) {
  source.packet = source.file.next();
  if (source.packet == nullptr) add_flaw(source.file.flaw());
}

// Of two that one part has twice, another part's two take one each.
bool MergedPackets::is_new(const RawPacket& packet, size_t source) {
  if (sources_.size() == 1) return true;
  const size_t hash = hash_of(packet);
  for (auto [same, end] = seen_.equal_range(hash); same != end; ++same) {
    Seen& seen = same->second;
    if (seen.time_ns != packet.time_ns || seen.sources[source]) continue;
    seen.sources[source] = true;
    return false;
  }
  remember(packet.time_ns, hash, source);
  return true;
}

void MergedPackets::remember(uint64_t time_ns, size_t hash, size_t source) {
  if (latest_.size() == kRemembered) {
    seen_.erase(latest_.front());
    latest_.pop_front();
  }
  Seen seen{time_ns, std::vector<bool>(sources_.size())};
  seen.sources[source] = true;
  latest_.push_back(seen_.emplace(hash, std::move(seen)));
}

void MergedPackets::add_flaw(const std::string& flaw) {
  if (!flaw.empty()) flaw_ += (flaw_.empty() ? "" : "; ") + flaw;
}

}  // namespace wireseam
