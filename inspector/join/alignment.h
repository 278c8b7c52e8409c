// SPDX-License-Identifier: Apache-2.0
// The four lanes of one direction: sends, segments, frames, receives. Each send, frame and receive
// is handed over, in the order in which they end, as soon as it is known what lies beside it in all
// other lanes: bytes decide that, and time only where somebody must see calls soon. Then what
// nobody needs any more is let go of.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "inspector/join/lane.h"
#include "inspector/join/spans.h"

namespace wireseam {

// What has bytes in common with the one that is handed over. Valid during the call.
struct Beside {
  std::span<const CallSpan> sends;
  std::span<const WireSpan> segments;
  std::span<const FrameSpan> frames;
  std::span<const CallSpan> receives;
  bool whole = true;  // false: there was too much to wait for what is still to come, or too long
};

class AlignmentSink {
 public:
  virtual ~AlignmentSink() = default;
  virtual void send(const CallSpan& call, const Beside& beside) = 0;
  virtual void frame(const FrameSpan& frame, const Beside& beside) = 0;
  virtual void receive(const CallSpan& call, const Beside& beside) = 0;
};

class Alignment {
 public:
  Lane<CallSpan> sends;
  Lane<WireSpan> segments;
  Lane<FrameSpan> frames;
  Lane<CallSpan> receives;

  // To be called after something was added, covered or closed.
  void settle(AlignmentSink& sink);

  // Hands the oldest calls over that had returned by then, without what else lies beside them but
  // packets: the frames, which may come at the end of the stream alone, and the other end's calls.
  void hand_over_calls(uint64_t until_ns, AlignmentSink& sink);

  // When the call returned that waits to be handed over next; no value where none does.
  std::optional<uint64_t> waiting_since() const;

  // No more will come in any lane.
  void close(AlignmentSink& sink);

  size_t size() const { return sends.size() + segments.size() + frames.size() + receives.size(); }

 private:
  enum class Next : uint8_t { None, Send, Frame, Receive };

  Next next(uint64_t& end) const;
  const CallSpan* next_call() const;
  bool all_reach(uint64_t end) const;
  Beside beside(ByteRange range, bool whole) const;
  void hand_over(Next next, bool whole, AlignmentSink& sink);
  void drop();

  uint64_t given_up_ = 0;  // offset before which segments are not kept any more
};

}  // namespace wireseam
