// SPDX-License-Identifier: Apache-2.0
// The inspector with the calls of programs beside the packets: both go in, in the order of their
// time, and what they mean together comes out at one ReportSink.
#pragma once

#include "inspector/engine/inspection.h"
#include "inspector/join/joiner.h"

namespace wireseam {

class JoinedInspection {
 public:
  // `sink` must outlive it.
  explicit JoinedInspection(ReportSink& sink, FramingRules rules = {},
                            const FlowLimits& limits = {}, Expectation expected = {})
      : rules_(std::move(rules)),
        joiner_(
            rules_, sink, [this] { return inspection_.take_id(); }, std::move(expected)),
        inspection_(joiner_, rules_, limits) {}
  JoinedInspection(const JoinedInspection&) = delete;
  JoinedInspection& operator=(const JoinedInspection&) = delete;

  Inspection& packets() { return inspection_; }
  EventSink& calls() { return joiner_; }
  void wait_at_most(uint64_t patience_ns) { joiner_.wait_at_most(patience_ns); }

  // Nothing has come for a while, and all before that time is known.
  void idle(uint64_t now_ns) {
    inspection_.idle(now_ns);
    joiner_.pass_time(now_ns);
  }

 private:
  FramingRules rules_;
  Joiner joiner_;
  Inspection inspection_;
};

}  // namespace wireseam
