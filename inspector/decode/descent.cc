// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/descent.h"

namespace wireseam {

Next Descent::end(DecodeVerdict verdict, const char* reason, uint32_t at) {
  packet.verdict = verdict;
  packet.reason = reason;
  packet.reason_offset = offset() + at;
  return Next::Nothing;
}

Next Descent::malformed(const char* reason, uint32_t at) {
  return end(DecodeVerdict::Malformed, reason, at);
}

Next Descent::other(const char* reason, uint32_t number) {
  packet.reason_number = number;
  return end(DecodeVerdict::Other, reason, 0);
}

Next Descent::lacks(size_t size, const char* reason) {
  return end(length < size ? DecodeVerdict::Malformed : DecodeVerdict::Truncated, reason, 0);
}

}  // namespace wireseam
