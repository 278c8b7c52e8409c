// SPDX-License-Identifier: Apache-2.0
// A recording's folder while it is being recorded.
#pragma once

#include <cstdint>
#include <string>

#include "common/fd.h"
#include "inspector/recording/meta.h"

namespace wireseam {

// Begins a recording of its own, or a part of one that others have begun.
enum class RecordingPlace : uint8_t { Own, Joined };

class NewRecording {
 public:
  // Makes the folder, or uses one that is empty; of a recording to be joined, the first number that
  // is free below it. Its lock shows from now on that its recorder lives. Throws Error: there is
  // something already, there is no recording to be joined.
  NewRecording(const std::string& folder, RecordingPlace place);

  // Where the files go.
  const std::string& folder() const { return folder_; }
  std::string file(const char* name) const { return folder_ + "/" + name; }

  // Both replace meta.json.
  void begin(const RecordingMeta& meta);
  void end(const RecordingMeta& meta);

  // Nothing was recorded: takes everything away again.
  void discard();

 private:
  std::string folder_;
  bool made_ = false;  // the folder, by us
  Fd lock_;            // on the file of calls, which is there from the beginning
};

}  // namespace wireseam
