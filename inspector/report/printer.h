// SPDX-License-Identifier: Apache-2.0
// A report as text of some kind. It is written into memory; whoever drives it brings it to where it
// belongs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "inspector/join/report_sink.h"

namespace wireseam {

// Whether there is a line for each packet, beside those that are always there.
enum class Segments : uint8_t { Hidden, Shown };

class ReportPrinter : public ReportSink {
 public:
  // What was written since clear(): whole lines.
  std::string_view text() const { return text_; }
  void clear() { text_.clear(); }

  // What the user should know of it in the end; empty where all is well.
  virtual std::string flaw() const { return {}; }

  // Why there was nothing to print; empty where there was.
  virtual std::string failure() const { return {}; }

 protected:
  std::string text_;
};

}  // namespace wireseam
