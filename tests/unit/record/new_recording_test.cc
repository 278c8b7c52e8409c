// SPDX-License-Identifier: Apache-2.0
#include "record/new_recording.h"

#include "common/error.h"
#include "inspector/recording/recording.h"
#include "tests/unit/catch2.h"
#include "tests/unit/recording/recording_folder.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

RecordingMeta running_meta() {
  RecordingMeta meta = ended_meta();
  meta.ended.reset();
  return meta;
}

}  // namespace

TEST_CASE("a new recording runs until it has ended") {
  const TempFolder folder;
  NewRecording recording(folder / "r", RecordingPlace::Own);
  write_calls(recording.file(kCallsFile), {});
  recording.begin(running_meta());
  CHECK(Recording(folder / "r").parts()[0].state == RecordingState::Running);
  recording.end(ended_meta());
  CHECK(Recording(folder / "r").parts()[0].state == RecordingState::Ended);
}

TEST_CASE("each that joins gets the next number, also while others run") {
  const TempFolder folder;
  NewRecording own(folder / "r", RecordingPlace::Own);
  own.begin(running_meta());
  const NewRecording first(folder / "r", RecordingPlace::Joined);
  const NewRecording second(folder / "r", RecordingPlace::Joined);
  CHECK(first.folder() == folder / "r/2");
  CHECK(second.folder() == folder / "r/3");
}

TEST_CASE("a recording is not begun where there is something") {
  const TempFolder folder;
  folder.write("notes", "mine");
  CHECK_THROWS_WITH(NewRecording(folder.path(), RecordingPlace::Own),
                    ContainsSubstring("is not empty"));
  CHECK_THROWS_WITH(NewRecording(folder / "notes", RecordingPlace::Own),
                    ContainsSubstring("no folder"));
  write_part(folder / "r");
  CHECK_THROWS_WITH(NewRecording(folder / "r", RecordingPlace::Own), ContainsSubstring("already"));
  CHECK(folder.read("notes") == "mine");
}

TEST_CASE("one that is discarded leaves nothing but the folder that was there before") {
  const TempFolder folder;
  NewRecording made(folder / "r", RecordingPlace::Own);
  made.begin(running_meta());
  made.discard();
  CHECK(folder.entries() == 0);
  std::filesystem::create_directory(folder / "r");
  NewRecording there(folder / "r", RecordingPlace::Own);
  there.begin(running_meta());
  there.discard();
  CHECK(folder.entries() == 1);
  CHECK(std::filesystem::is_empty(folder / "r"));
}
