// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/opened_source.h"

#include <algorithm>

#include <utility>

#include "inspector/capture/live_capture.h"
#include "inspector/recording/merged_packets.h"

namespace wireseam {
namespace {

[[noreturn]] void refuse_to_write(const std::string& path) {
  throw Error("cannot write to '" + path + "': it is the capture that is read");
}

// A recording of calls alone.
class NoPackets final : public PacketSource {
 public:
  const RawPacket* next() override { return nullptr; }
  bool ended() const override { return true; }
  void stop() override {}
  const std::string& flaw() const override { return flaw_; }
  CaptureDrops drops() const override { return {}; }
  std::vector<uint32_t> link_types() const override { return {}; }

 private:
  std::string flaw_;
};

// Hosts have clocks of their own.
bool has_one_clock(const Recording& recording) {
  const auto& parts = recording.parts();
  return std::ranges::all_of(parts, [&](const RecordingPart& part) {
    return part.meta.boot_id == parts.front().meta.boot_id;
  });
}

void open_calls(OpenedSource& opened, const Recording& recording) {
  auto ends = std::make_unique<TracedEnds>();
  RecordedEvents events(recording);
  replay(events, *ends);
  opened.traced = ends->expectation();
  opened.traced.one_clock = has_one_clock(recording);
  opened.ends = std::move(ends);
  opened.calls = std::make_unique<RecordedEvents>(recording);
}

void take_framing(OpenedSource& opened, const Recording& recording) {
  if (!opened.framing.empty()) return;
  for (const std::string& rule : recording.framing()) opened.framing.add(rule);
}

void follow_recording(OpenedSource& opened, const InspectRequest& request,
                      const std::function<void(const std::string&)>& warn) {
  Recording recording(request.file);
  take_framing(opened, recording);
  opened.pace = Pace::Followed;
  opened.ends = std::make_unique<TracedEnds>(TraceExtent::GoingOn);
  opened.traced = opened.ends->expectation();
  opened.traced.one_clock = has_one_clock(recording);
  opened.calls = std::make_unique<RecordedEvents>(recording);
  auto followed = std::make_unique<FollowedRecording>(std::move(recording), *opened.calls,
                                                      *opened.ends, request.filter, warn);
  opened.followed = followed.get();
  opened.packets = std::move(followed);
}

void open_recording(OpenedSource& opened, const InspectRequest& request,
                    const std::function<void(const std::string&)>& warn) {
  const Recording recording(request.file);
  take_framing(opened, recording);
  for (const std::string& line : recording.missing()) warn(line);
  open_calls(opened, recording);
  if (!recording.has_packets()) {
    opened.packets = std::make_unique<NoPackets>();
    return;
  }
  auto packets = std::make_unique<MergedPackets>(recording, request.filter);
  for (const std::string& written : {request.keep, request.target})
    if (!written.empty() && packets->reads(written)) refuse_to_write(written);
  opened.packets = std::move(packets);
}

}  // namespace

void OpenedSource::keep_apart(const std::string& written) const {
  if (file != nullptr && !written.empty() && file->is(written)) refuse_to_write(written);
}

OpenedSource open_source(const InspectRequest& request,
                         const std::function<void(const std::string&)>& warn) {
  OpenedSource opened;
  opened.framing = request.framing;
  if (!request.interface.empty()) {
    opened.pace = Pace::Live;
    opened.packets = std::make_unique<LiveCapture>(
        LiveOptions{.interface = request.interface, .filter = request.filter});
  } else if (request.reach == RecordingReach::End) {
    follow_recording(opened, request, warn);
  } else if (is_folder(request.file)) {
    open_recording(opened, request, warn);
  } else {
    auto file = std::make_unique<CaptureFile>(request.file, request.filter);
    if (file->progress().size == 0) opened.pace = Pace::Pipe;
    opened.file = file.get();
    opened.packets = std::move(file);
  }
  return opened;
}

}  // namespace wireseam
