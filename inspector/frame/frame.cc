// SPDX-License-Identifier: Apache-2.0
// Why bytes are undecoded, in words.
#include "inspector/frame/frame.h"

namespace wireseam {

std::string to_string(const Undecoded& undecoded) {
  switch (undecoded.cause) {
    case UndecodedCause::Malformed:
      return to_string(undecoded.reason);
    case UndecodedCause::BytesMissing:
      return "bytes that tell where frames begin are missing";
    case UndecodedCause::Unfinished:
      if (undecoded.frame_size == 0) return "the stream ended within a frame";
      return "the stream ended within a frame of " + std::to_string(undecoded.frame_size) +
             " bytes";
  }
  return "undecoded";
}

}  // namespace wireseam
