// SPDX-License-Identifier: Apache-2.0
// Writes to stdout at once, so that nothing is held back from who waits for it.
#include "samples/exec/output.h"

#include "samples/messages.h"

namespace wireseam::samples {

Output::Output(const std::string& encoding) {
  if (!encoding.empty()) transcoder_.emplace(encoding, terminal_encoding());
}

void Output::write(std::string_view piece) {
  if (transcoder_)
    print(transcoder_->convert(piece));
  else
    print(piece);
}

void Output::finish() {
  if (transcoder_) print(transcoder_->finish());
}

}  // namespace wireseam::samples
