// SPDX-License-Identifier: Apache-2.0
// Receives a body. Keeps no more of it than a piece.
#include "samples/exec/body.h"

#include <string>

#include "samples/exec/md5.h"

namespace wireseam::samples {

BodyCheck receive_body(FrameReceiver& frames, const JsonHeader& header, const UsePiece& use) {
  Md5 md5;
  for (auto piece = frames.next_piece(); !piece.empty(); piece = frames.next_piece()) {
    md5.update(piece);
    use(piece);
  }
  if (header.md5.empty()) return BodyCheck::NotChecked;
  return is_same_md5(header.md5, md5.hex()) ? BodyCheck::Right : BodyCheck::Wrong;
}

}  // namespace wireseam::samples
