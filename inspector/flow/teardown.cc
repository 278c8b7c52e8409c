// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/teardown.h"

namespace wireseam {

void Teardown::update_state() {
  const auto& [to_server, to_client] = fins;
  if (over()) return;
  if (rst.packet != 0)
    state = CloseState::Reset;
  else if (to_server.ack_packet != 0 && to_client.ack_packet != 0)
    state = CloseState::Closed;
  else if (to_server.packet != 0 && to_client.packet != 0)
    state = CloseState::Closing;
  else if (to_server.packet != 0 || to_client.packet != 0)
    state = CloseState::HalfClosed;
}

std::string_view to_string(CloseState state) {
  switch (state) {
    case CloseState::Open:
      return "open";
    case CloseState::HalfClosed:
      return "half-closed";
    case CloseState::Closing:
      return "closing";
    case CloseState::Closed:
      return "closed";
    case CloseState::Reset:
      return "reset";
  }
  return "open";
}

}  // namespace wireseam
