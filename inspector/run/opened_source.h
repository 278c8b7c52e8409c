// SPDX-License-Identifier: Apache-2.0
// The packets that a request asks for: of an interface, a file, a pipe or a recording.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "inspector/capture/capture_file.h"
#include "inspector/join/traced_ends.h"
#include "inspector/recording/followed_recording.h"
#include "inspector/recording/recorded_events.h"
#include "inspector/run/inspect_capture.h"

namespace wireseam {

// How soon they have to be shown.
enum class Pace : uint8_t {
  File,
  Pipe,
  Live,
  Followed,  // a recording that goes on
};

struct OpenedSource {
  std::unique_ptr<PacketSource> packets;
  CaptureFile* file = nullptr;            // `packets`, where it is one
  FollowedRecording* followed = nullptr;  // the same
  Pace pace = Pace::File;
  std::unique_ptr<RecordedEvents> calls;  // of a recording
  std::unique_ptr<TracedEnds> ends;
  Expectation traced;  // whose calls these are, by `ends`
  FramingRules framing;
  // For the screens to tell: what a recording lacks, who joins it. Reading `packets` adds to it.
  std::unique_ptr<std::vector<std::string>> told;

  // Throws Error where `written` is what is read.
  void keep_apart(const std::string& written) const;
};

// `warn` is told what a recording lacks. Throws Error.
OpenedSource open_source(const InspectRequest& request,
                         const std::function<void(const std::string&)>& warn);

}  // namespace wireseam
