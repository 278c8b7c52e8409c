// SPDX-License-Identifier: Apache-2.0
// Writes captures to measure with to its output: nanosecond pcap, Ethernet, IPv4, TCP with
// timestamps, frames of len32le. It says on stderr how many packets and frames there are.
//
//   make_capture exchange PACKETS    48 connections, requests and answers of some frames each, now
//                                    and then a large one
//   make_capture crowd CONNECTIONS   all of them at once, with a frame each way
//
// Nothing is lost or late. Only the checksums of the handshakes are right: nobody looks at them.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/framing/length_field.h"
#include "tests/unit/packets/packet_builder.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr size_t kConnections = 48;
constexpr size_t kMss = 1448;  // behind the timestamps
constexpr uint64_t kTickNs = 1'000'000;

struct End {
  uint32_t address;
  uint16_t port;
  uint16_t ip_id;
  uint32_t seq;
};

struct Exchange {
  End client;
  End server;
};

class CaptureWriter {
 public:
  explicit CaptureWriter(FILE* file) : file_(file) {
    const std::array<uint32_t, 6> header{0xa1b23c4d, 0x00040002, 0, 0, 262144, 1};
    std::fwrite(header.data(), sizeof header, 1, file_);
  }

  uint64_t packets() const { return packets_; }

  void syn(End& from, const End& to, uint16_t flags) {
    const std::string options = mss_option(1460) + sack_permitted_option() + "\x08\x0a" +
                                be32(clock()) + be32(0) + "\x01" + window_scale_option(7);
    const TcpFields fields{.source_port = from.port,
                           .destination_port = to.port,
                           .seq = from.seq++,
                           .ack = to.seq,
                           .flags = flags,
                           .window = 64240,
                           .options = options};
    write(ethernet(kIpv4, ipv4({from.address, to.address, kTcp, 64, from.ip_id++}, tcp(fields))),
          "");
  }

  void segment(End& from, const End& to, std::string_view payload) {
    put16(16, headers_.size() - 14 + payload.size());
    put16(18, from.ip_id++);
    put32(26, from.address);
    put32(30, to.address);
    put16(34, from.port);
    put16(36, to.port);
    put32(38, from.seq);
    put32(42, to.seq);
    headers_[47] = static_cast<char>(payload.empty() ? kAck : kPsh | kAck);
    put32(58, clock());
    put32(62, clock());
    from.seq += static_cast<uint32_t>(payload.size());
    write(headers_, payload);
  }

  // As a sender with the MSS has it, and acknowledged as Linux does: every second segment.
  void bulk(End& from, End& to, std::string_view payload) {
    for (size_t sent = 0; !payload.empty(); ++sent) {
      segment(from, to, payload.substr(0, kMss));
      payload.remove_prefix(std::min(payload.size(), kMss));
      if (sent % 2 == 1) segment(to, from, "");
    }
  }

 private:
  uint32_t clock() const { return static_cast<uint32_t>(time_ns_ / kTickNs); }
  void put16(size_t at, size_t value) {
    headers_.replace(at, 2, be16(static_cast<uint16_t>(value)));
  }
  void put32(size_t at, uint32_t value) { headers_.replace(at, 4, be32(value)); }

  void write(std::string_view headers, std::string_view payload) {
    time_ns_ += 2'000;
    const auto size = static_cast<uint32_t>(headers.size() + payload.size());
    const std::array<uint32_t, 4> record{static_cast<uint32_t>(time_ns_ / 1'000'000'000),
                                         static_cast<uint32_t>(time_ns_ % 1'000'000'000), size,
                                         size};
    std::fwrite(record.data(), sizeof record, 1, file_);
    std::fwrite(headers.data(), headers.size(), 1, file_);
    std::fwrite(payload.data(), payload.size(), 1, file_);
    ++packets_;
  }

  FILE* file_;
  uint64_t packets_ = 0;
  uint64_t time_ns_ = 1'700'000'000'000'000'000;
  std::string headers_ =
      ethernet(kIpv4, ipv4({}, tcp({.window = 500, .options = timestamps_option(0, 0)})));
};

class Script {
 public:
  explicit Script(FILE* file) : writer_(file) {}

  void exchange(uint64_t packets) {
    open(kConnections);
    while (writer_.packets() < packets) {
      auto& [client, server] = exchanges_[random_() % exchanges_.size()];
      writer_.bulk(client, server, frames(1 + random_() % 2));
      if (random_() % 3 == 0) {
        writer_.segment(server, client, "");
        continue;
      }
      writer_.bulk(server, client, random_() % 32 == 0 ? frame(4000) : frames(1));
      if (random_() % 2 == 0) writer_.segment(client, server, "");
    }
  }

  void crowd(size_t connections) {
    open(connections);
    for (auto& [client, server] : exchanges_) {
      writer_.segment(client, server, frames(1));
      writer_.segment(server, client, frames(1));
      writer_.segment(client, server, "");
    }
  }

  void say_counts() const {
    std::fprintf(stderr, "%llu packets, %llu frames\n",
                 static_cast<unsigned long long>(writer_.packets()),
                 static_cast<unsigned long long>(frames_));
  }

 private:
  void open(size_t connections) {
    for (uint32_t i = 0; i < connections; ++i) {
      const auto port = static_cast<uint16_t>(32768 + i % 28000);
      Exchange& opening = exchanges_.emplace_back(
          Exchange{{0x0a000001 + i / 28000, port, random_id(), random_seq()},
                   {0x0a010001, 9000, random_id(), random_seq()}});
      writer_.syn(opening.client, opening.server, kSyn);
      writer_.syn(opening.server, opening.client, kSyn | kAck);
      writer_.segment(opening.client, opening.server, "");
    }
  }

  uint32_t random_seq() { return static_cast<uint32_t>(random_()); }
  uint16_t random_id() { return static_cast<uint16_t>(random_()); }

  std::string frames(size_t count) {
    std::string bytes;
    for (size_t i = 0; i < count; ++i) bytes += frame(20 + random_() % 80);
    return bytes;
  }

  std::string frame(size_t body_size) {
    ++frames_;
    return encode_len32le_header(body_size) + std::string(body_size, 'x');
  }

  CaptureWriter writer_;
  std::mt19937 random_;
  std::vector<Exchange> exchanges_;
  uint64_t frames_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc == 3 ? argv[1] : "";
  if ((what != "exchange" && what != "crowd") || isatty(STDOUT_FILENO) == 1) {
    std::fprintf(stderr, "usage: make_capture exchange|crowd COUNT > FILE\n");
    return 2;
  }
  const uint64_t count = std::strtoull(argv[2], nullptr, 10);
  Script script(stdout);
  what == "exchange" ? script.exchange(count) : script.crowd(count);
  script.say_counts();
  return std::fclose(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
