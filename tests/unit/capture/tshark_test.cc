// SPDX-License-Identifier: Apache-2.0
// What is decoded, compared with what tshark makes of the same capture: packets of every kind that
// is followed, put together by a seed.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <sstream>

#include "inspector/capture/capture_file.h"
#include "inspector/decode/decoder.h"
#include "tests/unit/capture/capture_bytes.h"
#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/temp_folder.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

// In the order of fields_of().
constexpr const char* kFields =
    "-e frame.number -e ip.ttl -e ipv6.hlim -e ip.id -e tcp.srcport -e tcp.dstport -e tcp.seq_raw "
    "-e tcp.ack_raw -e tcp.flags -e tcp.window_size_value -e tcp.urgent_pointer -e tcp.len "
    "-e tcp.options.mss_val -e tcp.options.wscale.shift -e tcp.options.sack_perm "
    "-e tcp.options.timestamp.tsval -e tcp.options.timestamp.tsecr -e tcp.options.sack_le "
    "-e tcp.options.sack_re -e udp.srcport -e udp.dstport -e udp.length";

class Line {
 public:
  template <typename T>
  Line& add(bool is_there, const T& value) {
    if (is_there) text_ << value;
    text_ << '\t';
    return *this;
  }
  std::string text() const {
    std::string text = text_.str();
    text.pop_back();
    return text;
  }

 private:
  std::ostringstream text_;
};

std::string hexadecimal(unsigned value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%04x", value);
  return text.data();
}

std::string edges(const TcpOptions& options, uint32_t SackBlock::*edge) {
  std::string text;
  for (size_t i = 0; i < options.sack_count; ++i)
    text += (i > 0 ? "," : "") + std::to_string(options.sacks[i].*edge);
  return text;
}

void add_tcp(Line& line, const Packet& packet) {
  const bool is_tcp = packet.transport == Transport::Tcp;
  const TcpHeader& tcp = packet.tcp;
  const TcpOptions& options = tcp.options;
  line.add(is_tcp, packet.source_port).add(is_tcp, packet.destination_port);
  line.add(is_tcp, tcp.seq).add(is_tcp, tcp.ack).add(is_tcp, hexadecimal(tcp.flags));
  line.add(is_tcp, tcp.window).add(is_tcp, tcp.urgent).add(is_tcp, packet.payload_length);
  line.add(options.mss != 0, options.mss);
  line.add(options.has_window_scale, unsigned{options.window_scale});
  line.add(options.sack_permitted, "0402");
  line.add(options.has_timestamps, options.ts_value).add(options.has_timestamps, options.ts_echo);
  line.add(true, edges(options, &SackBlock::begin)).add(true, edges(options, &SackBlock::end));
}

std::string fields_of(const Packet& packet) {
  const bool is_v4 = packet.ip_version == IpVersion::V4;
  const bool is_udp = packet.transport == Transport::Udp;
  Line line;
  line.add(true, packet.number);
  line.add(is_v4, unsigned{packet.ttl})
      .add(packet.ip_version == IpVersion::V6, unsigned{packet.ttl});
  line.add(is_v4, hexadecimal(packet.ip_id));
  add_tcp(line, packet);
  line.add(is_udp, packet.source_port).add(is_udp, packet.destination_port);
  line.add(is_udp, packet.payload_length + 8);
  return line.text();
}

class Packets {
 public:
  Packets(unsigned seed, uint32_t link_type) : random_(seed), link_type_(link_type) {}

  std::vector<CapturedPacket> make(size_t count) {
    while (packets_.size() < count) add_datagram();
    return std::move(packets_);
  }

 private:
  uint32_t number() { return static_cast<uint32_t>(random_()); }
  bool one_in(uint32_t n) { return number() % n == 0; }
  uint16_t port() { return static_cast<uint16_t>(50000 + number() % 10000); }
  std::string data() { return std::string(number() % 100, 'x'); }

  std::string options() {
    const std::array<SackBlock, 3> blocks{{{1, number()}, {number(), 5}, {7, number()}}};
    std::string options;
    if (one_in(3)) options += mss_option(static_cast<uint16_t>(1 + number() % 65535));
    if (one_in(3)) options += window_scale_option(static_cast<uint8_t>(number() % 15));
    if (one_in(3)) options += sack_permitted_option();
    if (one_in(4)) options += "\xfd\x06oooo";
    if (one_in(2)) options += timestamps_option(number(), number());
    if (options.size() <= 30 && one_in(2)) options += sack_option(std::span(blocks).first(1));
    if (options.empty() && one_in(2)) options += sack_option(blocks);
    return options;
  }

  std::string segment() {
    const auto flags = static_cast<uint16_t>(number() % 0x200);
    return tcp({.source_port = port(),
                .destination_port = port(),
                .seq = number(),
                .ack = number(),
                .flags = flags,
                .window = static_cast<uint16_t>(number()),
                .urgent = static_cast<uint16_t>((flags & kUrg) != 0 ? number() : 0),
                .options = options()},
               data());
  }

  void add_datagram() {
    const bool is_udp = one_in(3);
    const std::string datagram =
        is_udp ? udp({.source_port = port(), .destination_port = port()}, data()) : segment();
    const uint8_t protocol = is_udp ? kUdp : kTcp;
    one_in(2) ? add_v4(protocol, datagram) : add_v6(protocol, datagram);
  }

  // Where the datagram is cut, if it is.
  size_t cut(const std::string& datagram) { return one_in(4) ? datagram.size() / 16 * 8 : 0; }

  void add_v4(uint8_t protocol, const std::string& datagram) {
    Ipv4Fields fields{.protocol = protocol,
                      .ttl = static_cast<uint8_t>(number()),
                      .id = ++id_,
                      .options = one_in(4) ? "\x94\x04\x01\x01" : ""};
    const size_t at = cut(datagram);
    if (at > 0) {
      fields.more_fragments = true;
      add(kIpv4, ipv4(fields, datagram.substr(0, at)));
      fields.more_fragments = false;
      fields.fragment_offset = static_cast<uint16_t>(at);
    }
    add(kIpv4, ipv4(fields, datagram.substr(at)));
  }

  void add_v6(uint8_t protocol, const std::string& datagram) {
    const Ipv6Fields fields{.next_header = kIpv6Fragment,
                            .hop_limit = static_cast<uint8_t>(number())};
    Ipv6FragmentFields fragment{.next_header = protocol, .id = ++id_};
    const size_t at = cut(datagram);
    if (at == 0) return add_whole_v6(fields, protocol, datagram);
    fragment.more = true;
    add(kIpv6, ipv6(fields, ipv6_fragment(fragment, datagram.substr(0, at))));
    fragment.more = false;
    fragment.offset = static_cast<uint16_t>(at);
    add(kIpv6, ipv6(fields, ipv6_fragment(fragment, datagram.substr(at))));
  }

  void add_whole_v6(Ipv6Fields fields, uint8_t protocol, const std::string& datagram) {
    const bool is_extended = one_in(3);
    fields.next_header = is_extended ? uint8_t{60} : protocol;
    add(kIpv6, ipv6(fields, is_extended ? extension(protocol, datagram) : datagram));
  }

  std::string frame(uint16_t type, const std::string& bytes) {
    switch (link_type_) {
      case kLinkEthernet:
        return id_ % 3 == 0 ? ethernet(0x8100, vlan(3, type, bytes)) : ethernet(type, bytes);
      case kLinkCooked:
        return cooked({.protocol = type}, bytes);
      case kLinkCookedV2:
        return cooked_v2({.protocol = type}, bytes);
      default:
        return bytes;
    }
  }

  void add(uint16_t type, const std::string& bytes) {
    packets_.push_back({packets_.size() * 1000, frame(type, bytes)});
  }

  std::mt19937 random_;
  uint32_t link_type_;
  uint16_t id_ = 0;
  std::vector<CapturedPacket> packets_;
};

std::string decoded(const std::string& path) {
  CaptureFile file(path);
  Decoder decoder;
  std::string lines;
  while (const RawPacket* packet = file.next()) lines += fields_of(decoder.decode(*packet)) + "\n";
  return lines;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> part{};
  while (const size_t size = std::fread(part.data(), 1, part.size(), pipe.get()))
    output.append(part.data(), size);
  return output;
}

}  // namespace

TEST_CASE("every packet is decoded as tshark decodes it") {
  if (std::system("tshark --version >/dev/null 2>&1") != 0) {
    WARN("skipped: needs tshark");
    return;
  }
  const uint32_t link_type = GENERATE(kLinkEthernet, kLinkRaw, kLinkCooked, kLinkCookedV2);
  const TempFolder folder;
  const std::string path = folder / "x.pcap";
  folder.write("x.pcap",
               pcap_file(Packets(link_type, link_type).make(500), {.link_type = link_type}));
  const std::string seen =
      output_of("timeout 60 tshark -n -o tcp.relative_sequence_numbers:FALSE -r " + path +
                " -T fields " + kFields + " 2>/dev/null");
  std::istringstream ours(decoded(path));
  std::istringstream theirs(seen);
  size_t lines = 0;
  for (std::string our, their; std::getline(theirs, their); ++lines) {
    std::getline(ours, our);
    std::erase(their, ':');  // some versions write bytes as "04:02"
    CHECK(our == their);
  }
  CHECK(lines >= 500);
}
