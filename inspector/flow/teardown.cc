// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/teardown.h"

namespace wireseam {

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
