// SPDX-License-Identifier: Apache-2.0
// Writes a recording to measure with: 48 connections of a client to a server, both traced; each
// message is a frame of len32le that one send moved, one segment carried, an ACK acknowledged and
// one recv took. It says on stderr how many events there are: calls and packets.
//
//   make_recording MESSAGES DIR
#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/framing/length_field.h"
#include "inspector/capture/packet_writer.h"
#include "inspector/recording/meta.h"
#include "inspector/recording/recording.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/trace/socket_trace.h"
#include "tracer/trace/writer.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr int kConnections = 48;
constexpr int kFirstFd = 4;
constexpr uint16_t kServerPort = 9000;
constexpr uint32_t kClient = 1;  // numbers of the two processes, and their pids
constexpr uint32_t kServer = 2;
constexpr uint64_t kStartNs = 1'700'000'000'000'000'000;

struct End {
  uint16_t port = 0;
  uint32_t seq = 0;
};

struct Link {
  int fd = -1;  // at either end
  End client;
  End server;
};

class RecordingWriter {
 public:
  explicit RecordingWriter(const std::string& folder)
      : calls_(Fd(open((folder + "/" + kCallsFile).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644)),
               "calls", kStartNs),
        packets_(folder + "/" + kPacketsFile, {kLinkEthernet}) {}

  void call(EventBuilder&& call, uint32_t process) {
    Event event = call.process(process, process).begins(now_ns_).lasts(400).event();
    event.process = process;
    now_ns_ += 500;
    calls_.append(event);
    ++events_;
  }

  void packet(End& from, const End& to, uint16_t flags, std::string_view payload = "") {
    const TcpFields fields{.source_port = from.port,
                           .destination_port = to.port,
                           .seq = from.seq,
                           .ack = to.seq,
                           .flags = flags,
                           .window = 60000};
    const Ipv4Fields ip{.source = 0x7f000001, .destination = 0x7f000001, .id = ip_id_++};
    const std::string bytes = ethernet(kIpv4, ipv4(ip, tcp(fields, payload)));
    from.seq += static_cast<uint32_t>(payload.size()) + ((flags & kSyn) != 0 ? 1 : 0);
    RawPacket packet = raw_packet(bytes);
    packet.time_ns = now_ns_ += 500;
    packets_.write(packet);
    ++events_;
  }

  void flush() { calls_.flush(); }
  uint64_t events() const { return events_; }

 private:
  TraceWriter calls_;
  PacketWriter packets_;
  uint64_t now_ns_ = kStartNs;
  uint64_t events_ = 0;
  uint16_t ip_id_ = 1;
};

Link connected(RecordingWriter& out, int number) {
  Link link{kFirstFd + number, {static_cast<uint16_t>(40000 + number), 1000}, {kServerPort, 5000}};
  const uint64_t cookie = 100 + 2 * static_cast<uint64_t>(number);
  out.call(std::move(EventBuilder("socket")
                         .arguments({AF_INET, SOCK_STREAM, 0})
                         .returns(link.fd)
                         .part(0, BlobPart::Identity, identity(link.fd, cookie))),
           kClient);
  out.packet(link.client, link.server, kSyn);
  out.packet(link.server, link.client, kSyn | kAck);
  out.packet(link.client, link.server, kAck);
  out.call(std::move(EventBuilder("connect")
                         .arguments({link.fd, kPointer, 16})
                         .value(1, loopback(kServerPort))
                         .part(0, BlobPart::Identity,
                               named(identity(link.fd, cookie), link.client.port, kServerPort))),
           kClient);
  out.call(
      std::move(EventBuilder("accept")
                    .arguments({3, kPointer, kPointer})
                    .returns(link.fd)
                    .value(1, loopback(link.client.port))
                    .part(0, BlobPart::Identity,
                          named(identity(link.fd, cookie + 1), kServerPort, link.client.port))),
      kServer);
  return link;
}

void message(RecordingWriter& out, Link& link, std::string_view frame) {
  const auto size = static_cast<int64_t>(frame.size());
  out.call(
      std::move(send(link.fd, size).blob(1, BlobPart::Value, frame.substr(0, 32), 0, frame.size())),
      kClient);
  out.packet(link.client, link.server, kPsh | kAck, frame);
  out.packet(link.server, link.client, kAck);
  out.call(
      std::move(recv(link.fd, size).blob(1, BlobPart::Value, frame.substr(0, 32), 0, frame.size())),
      kServer);
}

void write(uint64_t messages, const std::string& folder) {
  RecordingWriter out(folder);
  out.call(std::move(EventBuilder("socket")
                         .arguments({AF_INET, SOCK_STREAM, 0})
                         .returns(3)
                         .part(0, BlobPart::Identity, identity(3, 1))),
           kServer);
  std::vector<Link> links;
  for (int i = 0; i < kConnections; ++i) links.push_back(connected(out, i));
  std::mt19937 random;
  for (uint64_t i = 0; i < messages; ++i) {
    const size_t body = 20 + random() % 80;
    message(out, links[random() % links.size()],
            encode_len32le_header(body) + std::string(body, 'x'));
  }
  out.flush();
  std::fprintf(stderr, "%llu events\n", static_cast<unsigned long long>(out.events()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_recording MESSAGES DIR\n");
    return 2;
  }
  const std::string folder = argv[2];
  mkdir(folder.c_str(), 0755);
  RecordingMeta meta;
  meta.command = {"made"};
  meta.framing = {"len32le"};
  meta.capture = CaptureMeta{};
  meta.capture->sieved = true;
  meta.started = {kStartNs, 1};
  meta.ended = ClockReading{kStartNs + 1, 2};
  write_meta(folder + "/" + kMetaFile, meta);
  write(std::strtoull(argv[1], nullptr, 10), folder);
  return EXIT_SUCCESS;
}
