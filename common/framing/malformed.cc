// SPDX-License-Identifier: Apache-2.0
// What is wrong with a malformed frame, in words.
#include "common/framing/framing.h"

namespace wireseam {

std::string to_string(const Malformed& malformed) {
  const std::string length = "length " + std::to_string(malformed.value);
  const std::string limit = std::to_string(malformed.limit);
  switch (malformed.flaw) {
    case Flaw::NegativeLength:
      return "length " + std::to_string(static_cast<int64_t>(malformed.value)) + " is negative";
    case Flaw::LengthAboveMax:
      return length + " is too large: a frame has at most " + limit + " bytes";
    case Flaw::LengthBelowMin:
      return length + " is too small: a frame has at least " + limit + " bytes";
    case Flaw::HeaderNotJson:
      return "the header is not JSON";
    case Flaw::HeaderNotObject:
      return "the header is not a JSON object";
    case Flaw::TotalSizeMissing:
      return "the header has no total_size";
    case Flaw::TotalSizeNotNumber:
      return "total_size is not a number";
    case Flaw::TotalSizeNegative:
      return "total_size is negative";
    case Flaw::TotalSizeFraction:
      return "total_size is not an integer";
    case Flaw::TotalSizeTooLarge:
      return "total_size does not fit in 63 bits";
  }
  return "malformed";
}

}  // namespace wireseam
