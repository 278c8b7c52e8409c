// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/capture_summary.h"

namespace wireseam {

std::string to_string(const CaptureLosses& losses) {
  std::string text;
  if (losses.packets() > 0 || losses.calls == 0)
    text = std::to_string(losses.kernel) + " by the kernel, " + std::to_string(losses.interface) +
           " by the interface";
  if (losses.calls == 0) return text;
  return text + (text.empty() ? "" : "; ") + std::to_string(losses.calls) + " calls by the tracer";
}

}  // namespace wireseam
