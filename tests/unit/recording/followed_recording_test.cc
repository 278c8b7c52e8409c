// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/followed_recording.h"

#include <fcntl.h>
#include <sys/file.h>

#include "tests/unit/catch2.h"
#include "tests/unit/recording/recording_folder.h"
#include "tests/unit/trace/socket_trace.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint32_t kLoopback = 0x7f000001;
constexpr uint16_t kServer = 5000;

// A packet from one port of loopback to another.
std::string segment(uint16_t from, uint16_t to, uint8_t flags, std::string_view text = "") {
  return ipv4({.source = kLoopback, .destination = kLoopback},
              tcp({.source_port = from, .destination_port = to, .flags = flags}, text));
}

// A connect that returned at that time, and told its own port.
EventBuilder connected(uint16_t port, uint64_t begin_ns, uint64_t end_ns) {
  SocketIdentity who = named(identity(3, port), port, kServer);
  who.domain = AF_INET;
  who.type = SOCK_STREAM;
  EventBuilder connect("connect");
  connect.arguments({3, kPointer, 16}).part(0, BlobPart::Identity, who);
  return connect.begins(begin_ns).lasts(end_ns - begin_ns);
}

// A part whose recorder lives as long as this does.
class RunningPart {
 public:
  explicit RunningPart(std::string folder) : folder_(std::move(folder)) {
    RecordingMeta meta;
    meta.capture = CaptureMeta{};
    std::filesystem::create_directory(folder_);
    lock_.reset(open(file(kCallsFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    flock(lock_.get(), LOCK_EX);
    packets_.emplace(file(kPacketsFile), std::vector<uint32_t>{kLinkRaw});
    write_meta(file(kMetaFile), meta);
  }

  void capture(uint64_t time_ns, const std::string& bytes) {
    RawPacket packet = raw_packet(bytes, kLinkRaw);
    packet.time_ns = time_ns;
    packets_->write(packet);
  }
  void call(EventBuilder builder) {
    const Event event = builder.event();
    std::vector<std::byte> bytes;
    if (!has_header_) append_file_header(bytes, 1000);
    has_header_ = true;
    append_record(bytes, {0, event.pid, event.tid, event.process}, encode_record(event));
    REQUIRE(write(lock_.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  void end() {
    RecordingMeta meta;
    meta.capture = CaptureMeta{};
    meta.ended = ClockReading{2, 2};
    write_meta(file(kMetaFile), meta);
    lock_.reset();
  }
  void die() { lock_.reset(); }

 private:
  std::string file(const char* name) const { return folder_ + "/" + name; }

  std::string folder_;
  Fd lock_;
  std::optional<PacketWriter> packets_;
  bool has_header_ = false;
};

class NoSink : public EventSink {
 public:
  void event(const Event&) override {}
};

// Follows a recording, and notes down what it is told.
struct Follower {
  explicit Follower(const std::string& folder)
      : recording(folder),
        calls(recording),
        followed(recording, calls, nobody, "", [this](const std::string& line) {
          told.push_back(line.substr(line.rfind('/') + 1));
        }) {}

  // The times of the packets that there are by now.
  std::vector<uint64_t> packets() {
    std::vector<uint64_t> times;
    while (const RawPacket* packet = followed.next()) times.push_back(packet->time_ns);
    return times;
  }

  Recording recording;
  RecordedEvents calls;
  NoSink nobody;
  std::vector<std::string> told;
  FollowedRecording followed;
};

using Times = std::vector<uint64_t>;
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("packets and calls come as they are recorded, until the recorder ends") {
  const TempFolder folder;
  RunningPart part(folder / "r");
  Follower follower(folder / "r");
  CHECK(follower.packets() == Times{});
  part.call(connected(40000, 100, 200));
  part.capture(150, segment(40000, kServer, kSyn));
  CHECK(follower.packets() == Times{150});
  CHECK(follower.calls.peek_time_ns() == 200);
  part.capture(250, segment(40000, kServer, kAck));
  CHECK(follower.packets() == Times{250});
  CHECK_FALSE(follower.followed.ended());
  part.capture(300, segment(40000, kServer, kAck | kFin));
  part.end();
  CHECK(follower.packets() == Times{300});
  CHECK(follower.followed.next() == nullptr);
  CHECK(follower.followed.ended());
  CHECK(follower.told.empty());
}

TEST_CASE("what happened just now is held back until all recorders have written it") {
  const TempFolder folder;
  RunningPart part(folder / "r");
  Follower follower(folder / "r");
  const uint64_t soon = read_clocks().realtime_ns + 3600'000'000'000;
  part.call(connected(40000, 100, soon));
  part.capture(soon, segment(40000, kServer, kSyn));
  CHECK(follower.packets() == Times{});
  CHECK(follower.calls.peek_time_ns() == std::nullopt);
  part.end();
  CHECK(follower.packets() == Times{soon});
  CHECK(follower.calls.peek_time_ns() == soon);
}

TEST_CASE("packets of other programs are left out while it goes on") {
  const TempFolder folder;
  RunningPart part(folder / "r");
  Follower follower(folder / "r");
  part.call(connected(40000, 100, 200));
  part.capture(150, segment(40000, kServer, kSyn));
  part.capture(160, segment(41000, kServer, kSyn));
  part.capture(170, segment(41000, kServer, kAck, "not ours"));
  part.capture(180, segment(kServer, 40000, kSyn | kAck));
  CHECK(follower.packets() == Times{150, 180});
}

TEST_CASE("the SYN of a connect that took long comes when it has returned") {
  const TempFolder folder;
  RunningPart part(folder / "r");
  Follower follower(folder / "r");
  part.capture(150, segment(40000, kServer, kSyn));
  part.capture(160, segment(kServer, 40000, kSyn | kAck));
  CHECK(follower.packets() == Times{});
  part.call(connected(40000, 100, 170));
  part.capture(180, segment(40000, kServer, kAck));
  CHECK(follower.packets() == Times{150, 160, 180});
}

TEST_CASE("a part that joins is followed, too, and a packet that both captured comes once") {
  const TempFolder folder;
  RunningPart first(folder / "r");
  Follower follower(folder / "r");
  CHECK(follower.packets() == Times{});
  RunningPart second(folder / "r/2");
  second.call(connected(40000, 100, 200));
  second.capture(150, segment(40000, kServer, kSyn));
  first.call(connected(42000, 100, 200));
  first.capture(151, segment(40000, kServer, kSyn));
  first.capture(160, segment(42000, kServer, kSyn));
  CHECK(follower.packets() == Times{150, 160});
  CHECK(follower.told == Lines{"2: has joined"});
  first.end();
  CHECK(follower.packets() == Times{});
  CHECK_FALSE(follower.followed.ended());
  second.end();
  CHECK(follower.packets() == Times{});
  CHECK(follower.followed.next() == nullptr);
  CHECK(follower.followed.ended());
}

TEST_CASE("a recorder that died is noticed by its lock") {
  const TempFolder folder;
  RunningPart part(folder / "r");
  Follower follower(folder / "r");
  part.call(connected(40000, 100, 200));
  part.capture(150, segment(40000, kServer, kSyn));
  part.die();
  CHECK(follower.packets() == Times{150});
  CHECK(follower.told == Lines{"r: its recorder died; this is what there was until then"});
}

TEST_CASE("who stops gets what is there") {
  const TempFolder folder;
  RunningPart part(folder / "r");
  Follower follower(folder / "r");
  part.call(connected(40000, 100, 200));
  part.capture(150, segment(40000, kServer, kSyn));
  follower.followed.stop();
  CHECK(follower.packets() == Times{150});
  CHECK(follower.followed.next() == nullptr);
  CHECK(follower.followed.ended());
  CHECK(follower.followed.flaw().empty());
}
