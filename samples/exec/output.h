// SPDX-License-Identifier: Apache-2.0
// stdout, for the commands' output: the bytes as they come or, where their encoding is known,
// converted for this terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "samples/exec/transcoder.h"

namespace wireseam::samples {

class Output {
 public:
  // An empty ENCODING: as they come.
  explicit Output(const std::string& encoding);

  // A character that is cut by the piece's end appears with the next piece.
  void write(std::string_view piece);

  // Nothing that was written before has to do with what comes: a character that is still cut
  // appears as "?".
  void finish();

 private:
  std::optional<Transcoder> transcoder_;
};

}  // namespace wireseam::samples
