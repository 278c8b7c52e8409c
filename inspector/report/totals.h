// SPDX-License-Identifier: Apache-2.0
// Leaves of a report the connections at their ends and the summary: nothing for each packet or
// frame.
#pragma once

#include "inspector/join/report_sink.h"

namespace wireseam {

class Totals final : public ReportSink {
 public:
  // `report` must outlive it.
  explicit Totals(ReportSink& report) : report_(report) {}

  void begun(const Connection& connection) override { report_.begun(connection); }
  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override {
    report_.ended(connection, frames, reason);
  }
  void joined(const Conversation& conversation) override { report_.joined(conversation); }
  void dropped(const CaptureLosses& losses) override { report_.dropped(losses); }
  void summary(const CaptureSummary& summary) override { report_.summary(summary); }

 private:
  ReportSink& report_;
};

}  // namespace wireseam
