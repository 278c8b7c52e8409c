// SPDX-License-Identifier: Apache-2.0
// What `wireseam inspect` does: brings the packets of a file or an interface through the inspector,
// and what it finds to where it belongs: a terminal's screens, a text, a stream's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "common/output/output.h"
#include "inspector/frame/framing_rules.h"
#include "inspector/report/stream_bytes.h"

namespace wireseam {

enum class ReportFormat : uint8_t { Text, Json };

// All of a report, or its connections and totals alone.
enum class Extent : uint8_t { Whole, Totals };

// How far a recording is shown.
enum class RecordingReach : uint8_t {
  Now,  // what there is
  End,  // also what is recorded from now on, as it happens
};

struct InspectRequest {
  std::string interface;  // empty: a file
  std::string file;       // "-": standard input; a folder: a recording
  RecordingReach reach = RecordingReach::Now;
  std::string filter;                  // pcap-filter(7)
  FramingRules framing;                // empty: a recording's own
  std::optional<ReportFormat> format;  // none: what suits the output
  Segments segments = Segments::Hidden;
  Extent extent = Extent::Whole;
  std::optional<StreamChoice> stream;  // its bytes instead of a report
  std::string script;                  // to be played on the screens, as text; empty: none
  std::string keep;                    // where the packets are kept; empty: nowhere
  std::string target;                  // as Output has it; empty: standard output
  Color color = Color::Auto;
  // For bytes that wait behind holes; on screens for all that is kept. None: what is usual.
  std::optional<size_t> memory;
};

// Returns when the capture has ended, or the user has stopped it. `warn` is told what does not end
// it. Throws Error for what does.
void inspect_capture(const InspectRequest& request,
                     const std::function<void(const std::string&)>& warn);

}  // namespace wireseam
