// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/merged_packets.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "common/error.h"
#include "common/fd.h"
#include "tracer/trace/reader.h"

namespace wireseam {
namespace {

constexpr uintmax_t kHeaderSize = 24;

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

// They differ where parts captured on different interfaces.
std::vector<uint32_t> MergedPackets::link_types() const {
  std::set<uint32_t> all;
  for (const auto& source : sources_)
    for (const uint32_t link_type : source->file.link_types()) all.insert(link_type);
  return {all.begin(), all.end()};
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
  return sources_.size() == 1 || copies_.is_new(packet, source_of(packet, std::ptrdiff_t(source)));
}

void MergedPackets::add_flaw(const std::string& flaw) {
  if (!flaw.empty()) flaw_ += (flaw_.empty() ? "" : "; ") + flaw;
}

}  // namespace wireseam
