// SPDX-License-Identifier: Apache-2.0
// Brings a whole recording through the inspector, for whoever makes something else of it than a
// report.
#pragma once

#include <string>

#include "inspector/join/report_sink.h"
#include "tracer/trace/event.h"

namespace wireseam {

// `findings` gets what calls and packets mean together, `calls` the events themselves. Throws Error
// where the folder is no recording.
void replay_recording(const std::string& folder, ReportSink& findings, EventSink& calls);

}  // namespace wireseam
