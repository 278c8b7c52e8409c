// SPDX-License-Identifier: Apache-2.0
// Each capture stamps a packet for itself, within microseconds, or when it arrives where the parts
// are the two ends of a way; and puts a link header of its own kind in front (SLL on "any"). So a
// packet is known again by the rest of its bytes within a short time. Two that are alike but for
// that (duplicate ACKs over IPv6 are) stay two: each packet of one part takes away one of
// another's.
#include "inspector/recording/merged_packets.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/error.h"
#include "common/fd.h"
#include "tracer/trace/reader.h"

namespace wireseam {
namespace {

// Files are nearly in the order of time: CPUs write to the ring side by side.
constexpr size_t kRemembered = 4096;
// Above most ways' length, and below what a kernel waits at least before it sends the same again.
constexpr uint64_t kSameNs = 100'000'000;
constexpr uintmax_t kHeaderSize = 24;

size_t link_header_size(uint32_t link_type) {
  switch (link_type) {
    case 1:  // Ethernet
      return 14;
    case 113:  // Linux cooked, as on "any"
      return 16;
    case 276:  // its second version
      return 20;
    default:
      return 0;
  }
}

size_t hash_of(const RawPacket& packet) {
  const size_t header = link_header_size(packet.link_type);
  const auto rest = packet.bytes.subspan(packet.bytes.size() > header ? header : 0);
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(rest.data()), rest.size()});
}

bool is_near(uint64_t one_ns, uint64_t other_ns) {
  return std::max(one_ns, other_ns) - std::min(one_ns, other_ns) <= kSameNs;
}

// Which packets of a part are its program's, where its recorder has not left the others out.
std::optional<PacketChoice> choice_of(const RecordingPart& part) {
  if (!part.has_others_packets()) return std::nullopt;
  const std::string path = part.file(kCallsFile);
  Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw Error("cannot open", path, errno);
  TraceReader calls(std::move(file), path);
  CaptureFile packets(part.file(kPacketsFile));
  return PacketChoice(calls, packets);
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
  sources_.back()->choice = choice_of(part);
  drops_.kernel += part.meta.capture->drops.kernel;
  drops_.interface += part.meta.capture->drops.interface;
}

bool MergedPackets::has_one_link_type() const {
  return std::ranges::all_of(
      sources_, [this](const auto& source) { return source->file.link_type() == link_type(); });
}

bool MergedPackets::reads(const std::string& path) const {
  return std::ranges::any_of(sources_, [&](const auto& source) { return source->file.is(path); });
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
  do {
    source.packet = source.file.next();
  } while (source.packet != nullptr && source.choice &&
           !source.choice->is_chosen(source.packet->number));
  if (source.packet == nullptr) add_flaw(source.file.flaw());
}

bool MergedPackets::is_new(const RawPacket& packet, size_t source) {
  if (sources_.size() == 1) return true;
  const size_t hash = hash_of(packet);
  for (auto [same, end] = seen_.equal_range(hash); same != end; ++same) {
    Seen& seen = same->second;
    if (!is_near(seen.time_ns, packet.time_ns) || seen.sources[source]) continue;
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
