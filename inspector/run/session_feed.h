// SPDX-License-Identifier: Apache-2.0
// Brings the packets of a source into a session, and the calls of a recording between them, in a
// thread of its own: decoding never waits for a terminal.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/fd.h"
#include "inspector/capture/packet_source.h"
#include "inspector/capture/packet_writer.h"
#include "inspector/engine/joined_inspection.h"
#include "inspector/recording/followed_recording.h"
#include "inspector/recording/recorded_events.h"
#include "inspector/run/call_lines.h"
#include "inspector/session/shared_session.h"

namespace wireseam {

struct FeedOptions {
  FramingRules framing{};
  FlowLimits limits{};
  bool live = false;
  // Of a recording; all must outlive the feed.
  RecordedEvents* calls = nullptr;
  FollowedRecording* followed = nullptr;     // where it goes on
  std::vector<std::string>* told = nullptr;  // lines to be told, which reading may add to
  Expectation traced{};                      // whose calls these are
};

class SessionFeed {
 public:
  // All must outlive it; `keeper`, which may be null, takes each packet, too.
  SessionFeed(PacketSource& source, SharedSession& session, const FeedOptions& options,
              PacketWriter* keeper);
  // Stops the source and waits for the thread.
  ~SessionFeed();
  SessionFeed(const SessionFeed&) = delete;
  SessionFeed& operator=(const SessionFeed&) = delete;

  // Readable when the session has changed since the last accept_change().
  int changed_fd() const { return changed_.get(); }
  void accept_change();
  void stop();
  // The source has ended, and is nobody's any more.
  bool finished() const { return done_; }
  // Whether something ended it too early, which the session tells by then; what that was.
  bool has_failed() const { return has_failed_; }
  const std::string& failure() const { return failure_; }

 private:
  void run();
  void read_all();
  void take(const RawPacket* raw);
  void take_calls(uint64_t until_ns);
  void idle(Session& session);
  void tell_lines(Session& session);
  void finish();
  void finish_after(const std::string& failure);
  void tell();

  PacketSource& source_;
  SharedSession& session_;
  PacketWriter* keeper_;
  bool live_;
  uint64_t last_ns_ = 0;  // the last packet's time
  RecordedEvents* calls_;
  FollowedRecording* followed_;
  std::vector<std::string>* told_lines_;
  CallLines lines_;
  std::optional<Inspection> alone_;
  std::optional<JoinedInspection> joined_;
  Inspection* inspection_ = nullptr;  // in one of them
  Fd changed_;
  std::atomic<bool> told_ = false;
  std::atomic<bool> stopped_ = false;  // nobody wants to know of more calls
  std::atomic<bool> done_ = false;
  std::string failure_;
  std::atomic<bool> has_failed_ = false;
  std::thread thread_;
};

}  // namespace wireseam
