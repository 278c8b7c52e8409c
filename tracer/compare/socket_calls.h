// SPDX-License-Identifier: Apache-2.0
// Passes on what a trace would have: of the calls that any descriptor may be given to (read, close,
// poll, ...) those alone that are about a socket.
#pragma once

#include "tracer/trace/event.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

class SocketCalls : public EventSink {
 public:
  // `sink` must outlive this.
  explicit SocketCalls(EventSink& sink) : sink_(sink) {}

  void event(const Event& event) override;
  void running(const Event& event) override;
  void idle() override { sink_.idle(); }
  void finish() override { sink_.finish(); }

 private:
  bool is_about_socket(const Event& event) const;

  EventSink& sink_;
  SocketTable sockets_;
};

}  // namespace wireseam
