// SPDX-License-Identifier: Apache-2.0
// What is wrong with a malformed frame, in words.
#include "common/framing/cut_result.h"

namespace wireseam {
namespace {

std::string hex_byte(uint64_t byte) {
  static constexpr char kHex[] = "0123456789abcdef";
  return {'0', 'x', kHex[byte >> 4 & 15], kHex[byte & 15]};
}

}  // namespace

std::string to_string(const Malformed& malformed) {
  const std::string length = "length " + std::to_string(malformed.value);
  const std::string limit = std::to_string(malformed.limit);
  switch (malformed.flaw) {
    case Flaw::UnexpectedByte:
      return "no frame of this protocol has " + hex_byte(malformed.value) + " here";
    case Flaw::NegativeLength:
      return "length " + std::to_string(static_cast<int64_t>(malformed.value)) + " is negative";
    case Flaw::LengthAboveMax:
      return length + " is too large: a frame has at most " + limit + " bytes";
    case Flaw::LengthBelowMin:
      return length + " is too small: a frame has at least " + limit + " bytes";
    case Flaw::LengthNotDigits:
      return "the length is not written in digits";
    case Flaw::VarintTooLong:
      return "the varint is longer than " + limit + " bytes";
    case Flaw::DelimiterMissing:
      return "no delimiter within " + limit + " bytes";
    case Flaw::HeaderNotJson:
      return "the header is not JSON";
    case Flaw::HeaderNotObject:
      return "the header is not a JSON object";
    case Flaw::HeaderTooDeep:
      return "the header's JSON is nested deeper than " + limit + " levels";
    case Flaw::TotalSizeMissing:
      return "the header has no total_size";
    case Flaw::TotalSizeNotNumber:
      return "total_size is not a number";
    case Flaw::TotalSizeNegative:
      return "total_size is negative";
    case Flaw::TotalSizeFraction:
      return "total_size is not an integer";
    case Flaw::TotalSizeTooLarge:
      return "total_size is larger than " + limit;
  }
  return "malformed";
}

}  // namespace wireseam
