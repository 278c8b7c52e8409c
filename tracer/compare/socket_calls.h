// SPDX-License-Identifier: Apache-2.0
// Passes on what a trace would have: of the calls that any descriptor may be given to (read, close,
// poll, ...) those alone that are about a socket.
#pragma once

#include "tracer/trace/event.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

// Says which those are. Must hear of all events.
class SocketCallTest {
 public:
  // Whether it is one; and then takes note of it.
  bool passes(const Event& event);

  bool is_about_socket(const Event& event) const;

 private:
  SocketTable sockets_;
};

class SocketCalls : public EventSink {
 public:
  // `sink` must outlive this.
  explicit SocketCalls(EventSink& sink) : sink_(sink) {}

  void event(const Event& event) override;
  void running(const Event& event) override;
  void idle() override { sink_.idle(); }
  void finish() override { sink_.finish(); }

 private:
  EventSink& sink_;
  SocketCallTest test_;
};

}  // namespace wireseam
