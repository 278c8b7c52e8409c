// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/packet_encoder.h"

#include <unordered_map>
#include <utility>

#include "inspector/capture/pcap_format.h"
#include "inspector/capture/pcapng_format.h"

namespace wireseam {
namespace {

constexpr uint64_t kSecondNs = 1'000'000'000;
constexpr uint8_t kNanoseconds = 9;  // an if_tsresol

template <typename T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

class PcapEncoder final : public PacketEncoder {
 public:
  explicit PcapEncoder(uint32_t link_type) : link_type_(link_type) {}

  std::string begin() override {
    PcapFileHeader header;
    header.link_type = link_type_;
    std::string bytes;
    append(bytes, header);
    return bytes;
  }

  std::optional<Frame> frame(const RawPacket& packet) override {
    if (packet.link_type != link_type_) return std::nullopt;
    front_.clear();
    append(front_, PcapRecordHeader{.seconds = static_cast<uint32_t>(packet.time_ns / kSecondNs),
                                    .fraction = static_cast<uint32_t>(packet.time_ns % kSecondNs),
                                    .captured = static_cast<uint32_t>(packet.bytes.size()),
                                    .wire_length = packet.wire_length});
    return Frame{front_, {}};
  }

 private:
  uint32_t link_type_;
  std::string front_;
};

// An interface for each link type, described as soon as it is known.
class PcapngEncoder final : public PacketEncoder {
 public:
  explicit PcapngEncoder(std::vector<uint32_t> link_types) : link_types_(std::move(link_types)) {}

  std::string begin() override {
    std::string body;
    append(body, kPcapngByteOrderMagic);
    append(body, kPcapngVersionMajor);
    append(body, uint16_t{0});
    append(body, UINT64_MAX);  // the section's length: unknown
    std::string bytes;
    append_block(bytes, PcapngBlockType::SectionHeader, body);
    for (const uint32_t link_type : link_types_) interface_of(link_type, bytes);
    return bytes;
  }

  std::optional<Frame> frame(const RawPacket& packet) override {
    front_.clear();
    behind_.clear();
    const uint32_t interface = interface_of(packet.link_type, front_);
    const auto captured = static_cast<uint32_t>(packet.bytes.size());
    behind_.resize(-packet.bytes.size() % kPcapngAlignment);
    const auto size = static_cast<uint32_t>(kPcapngSmallestBlock + kPcapngPacketFields + captured +
                                            behind_.size());
    append(front_, PcapngBlockType::EnhancedPacket);
    append(front_, size);
    append(front_, interface);
    append(front_, static_cast<uint32_t>(packet.time_ns >> 32));
    append(front_, static_cast<uint32_t>(packet.time_ns));
    append(front_, captured);
    append(front_, packet.wire_length);
    append(behind_, size);
    return Frame{front_, behind_};
  }

 private:
  static void append_block(std::string& out, PcapngBlockType type, const std::string& body) {
    const auto size = static_cast<uint32_t>(kPcapngSmallestBlock + body.size());
    append(out, type);
    append(out, size);
    out += body;
    append(out, size);
  }

  // Its number; describes it where it is new.
  uint32_t interface_of(uint32_t link_type, std::string& out) {
    const auto [known, is_new] =
        interfaces_.try_emplace(link_type, static_cast<uint32_t>(interfaces_.size()));
    if (!is_new) return known->second;
    std::string body;
    append(body, static_cast<uint16_t>(link_type));
    append(body, uint16_t{0});
    append(body, kMostCaptured);
    append(body, kPcapngIfTsresol);
    append(body, uint16_t{1});
    body.append({static_cast<char>(kNanoseconds), 0, 0, 0});  // with its padding
    append(body, uint32_t{kPcapngOptEnd});
    append_block(out, PcapngBlockType::InterfaceDescription, body);
    return known->second;
  }

  std::vector<uint32_t> link_types_;
  std::unordered_map<uint32_t, uint32_t> interfaces_;  // by link type
  std::string front_;
  std::string behind_;
};

}  // namespace

std::unique_ptr<PacketEncoder> PacketEncoder::make(const std::string& path,
                                                   const std::vector<uint32_t>& link_types) {
  if (path.ends_with(".pcapng") || link_types.size() != 1)
    return std::make_unique<PcapngEncoder>(link_types);
  return std::make_unique<PcapEncoder>(link_types.front());
}

}  // namespace wireseam
