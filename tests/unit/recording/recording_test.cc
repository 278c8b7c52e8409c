// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/recording.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>
#include "common/error.h"
#include "common/fd.h"

#include "tests/unit/catch2.h"
#include "tests/unit/recording/recording_folder.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<std::string> folders(const Recording& recording, const TempFolder& below) {
  std::vector<std::string> names;
  for (const RecordingPart& part : recording.parts())
    names.push_back(std::filesystem::relative(part.folder, below.path()));
  return names;
}

}  // namespace

TEST_CASE("what meta.json was given is read again") {
  const TempFolder folder;
  RecordingMeta meta = ended_meta();
  meta.wireseam = "1.2.3";
  meta.command = {"echo", "a \"b\"\n"};
  meta.host = "here";
  meta.boot_id = "boot";
  meta.started = {1'700'000'000'123'456'789, 5};
  meta.payload_limit = 32;
  meta.framing = {"80=line"};
  meta.capture = CaptureMeta{"lo", "tcp", true, true, 9, 8, {7, 6}};
  meta.missing = {"packets: none"};
  meta.wait_status = W_EXITCODE(0, 9);
  write_meta(folder / "meta.json", meta);
  const RecordingMeta read = read_meta(folder / "meta.json");
  CHECK(read.wireseam == "1.2.3");
  CHECK(read.command == meta.command);
  CHECK(read.host + read.boot_id == "hereboot");
  CHECK(read.started.realtime_ns == meta.started.realtime_ns);
  CHECK(read.started.monotonic_ns == 5);
  CHECK(read.payload_limit == 32);
  CHECK(read.framing == meta.framing);
  CHECK(read.capture->interface + read.capture->filter == "lotcp");
  CHECK((read.capture->captured == 9 && read.capture->kept == 8 && read.capture->sieved));
  CHECK((read.capture->drops.kernel == 7 && read.capture->drops.interface == 6));
  CHECK(read.missing == meta.missing);
  CHECK(read.ended->realtime_ns == 2);
  CHECK(read.wait_status == W_EXITCODE(0, 9));
  CHECK(folder.entries() == 1);
}

TEST_CASE("packets that nobody has counted have no counts") {
  const TempFolder folder;
  RecordingMeta meta = ended_meta();
  meta.capture = CaptureMeta{"lo", "", true, false, 0, 0, {}};
  write_meta(folder / "meta.json", meta);
  std::ifstream file(folder / "meta.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text.find("captured") == text.npos);
  CHECK(text.find("kept") == text.npos);
  CHECK_FALSE(read_meta(folder / "meta.json").capture->is_counted);
}

TEST_CASE("a command that is no UTF-8 is no obstacle") {
  const TempFolder folder;
  RecordingMeta meta = ended_meta();
  meta.command = {"\xff"};
  write_meta(folder / "meta.json", meta);
  CHECK(read_meta(folder / "meta.json").command == std::vector<std::string>{"\xef\xbf\xbd"});
}

TEST_CASE("the folder comes first, then who joined, by number") {
  const TempFolder folder;
  write_part(folder / "r");
  for (const char* name : {"10", "2", "3", "notes", "0", "4x"}) write_part(folder / "r/" + name);
  std::filesystem::create_directory(folder / "r/5");  // just made
  CHECK(folders(Recording(folder / "r"), folder) ==
        std::vector<std::string>{"r", "r/2", "r/3", "r/10"});
}

TEST_CASE("a part is a recording by itself") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  CHECK(folders(Recording(folder / "r/2"), folder) == std::vector<std::string>{"r/2"});
}

TEST_CASE("what is no recording is told what it lacks") {
  const TempFolder folder;
  CHECK_THROWS_WITH(Recording(folder / "none"), ContainsSubstring("there is no recording"));
  folder.write("file", "");
  CHECK_THROWS_WITH(Recording(folder / "file"), ContainsSubstring("it is no folder"));
  CHECK_THROWS_WITH(Recording(folder.path()), ContainsSubstring("it has no meta.json"));
  write_meta(folder / "meta.json", ended_meta());
  CHECK_THROWS_WITH(Recording(folder.path()), ContainsSubstring("it has no calls.wst"));
}

TEST_CASE("a meta.json that can't be understood is an error that names it") {
  const TempFolder folder;
  write_part(folder / "r");
  for (const char* text : {"", "{", "[]", "{\"recording\": 1}", "{\"recording\": \"x\"}"}) {
    folder.write("r/meta.json", text);
    CHECK_THROWS_WITH(Recording(folder / "r"),
                      ContainsSubstring("r/meta.json' describes no recording"));
  }
  folder.write("r/meta.json", "{\"recording\": 99}");
  CHECK_THROWS_WITH(Recording(folder / "r"), ContainsSubstring("is of format 99"));
}

TEST_CASE("one without an end runs while the lock is held, and has broken off when it is not") {
  const TempFolder folder;
  RecordingMeta meta = ended_meta();
  meta.ended.reset();
  write_part(folder / "r", meta);
  Fd recorder(open((folder / "r/calls.wst").c_str(), O_RDWR));
  REQUIRE(flock(recorder.get(), LOCK_EX) == 0);
  CHECK(Recording(folder / "r").parts()[0].state == RecordingState::Running);
  recorder.reset();
  CHECK(Recording(folder / "r").parts()[0].state == RecordingState::BrokenOff);
  CHECK_THAT(Recording(folder / "r").missing().at(0), ContainsSubstring("its recorder died"));
}

TEST_CASE("a part that was recorded by another clock says so") {
  const TempFolder folder;
  const auto told = [&](const char* host, const char* boot) {
    RecordingMeta meta = ended_meta();
    write_part(folder / "r", meta);
    if (*host != 0) meta.host = host;
    meta.boot_id = boot;
    write_part(folder / "r/2", meta);
    return Recording(folder / "r").missing();
  };
  CHECK(told("", ended_meta().boot_id.c_str()).empty());
  CHECK_THAT(told("", "another").at(0),
             ContainsSubstring("r/2: it was recorded after another boot"));
  CHECK_THAT(told("there", "another").at(0), ContainsSubstring("on another host, 'there'"));
}

TEST_CASE("the framing is that of the first part that has one") {
  const TempFolder folder;
  write_part(folder / "r");
  CHECK(Recording(folder / "r").framing().empty());
  RecordingMeta meta = ended_meta();
  meta.framing = {"line"};
  write_part(folder / "r/2", meta);
  CHECK(Recording(folder / "r").framing() == meta.framing);
}
