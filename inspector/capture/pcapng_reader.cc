// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/pcapng_reader.h"

#include <algorithm>
#include <utility>

#include "common/escape.h"
#include "inspector/capture/pcap_format.h"

namespace wireseam {
namespace {

// Far more than anybody has, and a bound for what a file can make us keep.
constexpr size_t kMostInterfaces = 65536;
constexpr size_t kNamedInterfaces = 8;  // in a message

CaptureDrops sum(CaptureDrops drops, const std::vector<PcapngInterface>& interfaces) {
  for (const PcapngInterface& interface : interfaces) {
    drops.kernel += interface.drops.kernel;
    drops.interface += interface.drops.interface;
  }
  return drops;
}

// "2 (lo, any)"
std::string names_of(const std::vector<PcapngInterface>& interfaces) {
  if (interfaces.empty()) return "none";
  std::string names = std::to_string(interfaces.size()) + " (";
  for (size_t i = 0; i < std::min(interfaces.size(), kNamedInterfaces); ++i) {
    if (i > 0) names += ", ";
    append_escaped(names, interfaces[i].name.empty() ? "?" : interfaces[i].name);
  }
  return names + (interfaces.size() > kNamedInterfaces ? ", ...)" : ")");
}

}  // namespace

bool PcapngReader::is_format_of(std::span<const std::byte> first) {
  return PcapngFields(first, std::endian::native).u32(0) ==
         static_cast<uint32_t>(PcapngBlockType::SectionHeader);
}

PcapngReader::PcapngReader(FileBytes& bytes) : blocks_(bytes) {
  while (!packet_waits_ && (interfaces_.empty() || blocks_.is_next_there())) {
    const PcapngBlock* block = blocks_.next();
    if (block == nullptr) return;
    packet_waits_ = take(*block);
  }
}

// Who records writes pcap: nobody needs half a block to be found again.
const RawPacket* PcapngReader::next(FileGrowth growth) {
  if (growth == FileGrowth::Growing) return nullptr;
  if (std::exchange(packet_waits_, false)) return &packet_;
  while (const PcapngBlock* block = blocks_.next())
    if (take(*block)) return &packet_;
  return nullptr;
}

// Whether it is a packet.
bool PcapngReader::take(const PcapngBlock& block) {
  if (block.type == PcapngBlockType::SectionHeader) begin_section(block);
  if (passes_over_) return false;
  switch (block.type) {
    case PcapngBlockType::EnhancedPacket:
      return take_timed(block.body, block.body.u32(0));
    case PcapngBlockType::Packet:  // where the other 16 bits count drops
      return take_timed(block.body, block.body.u16(0));
    case PcapngBlockType::SimplePacket:
      return take_simple(block.body);
    case PcapngBlockType::InterfaceDescription:
      describe_interface(block.body);
      return false;
    case PcapngBlockType::InterfaceStatistics:
      take_statistics(block.body);
      return false;
    case PcapngBlockType::SystemdJournal:
    case PcapngBlockType::SysdigEvent:
    case PcapngBlockType::SysdigEventV2:
    case PcapngBlockType::SysdigEventV2Large:
    case PcapngBlockType::Custom:
    case PcapngBlockType::CustomNotToCopy:
      ++packet_.number;
      return false;
    case PcapngBlockType::SectionHeader:
      return false;
  }
  return false;
}

void PcapngReader::begin_section(const PcapngBlock& block) {
  if (!has_fields(block.body, kPcapngSectionFields)) return;
  has_section_ = true;
  drops_ = drops();
  interfaces_.clear();
  const uint16_t major = block.body.u16(4);
  const uint16_t minor = block.body.u16(6);
  // Version 1.2 was written by some, and is 1.0.
  passes_over_ = major != kPcapngVersionMajor || (minor != 0 && minor != 2);
  if (passes_over_ && left_out_.empty())
    left_out_ = "the section at byte " + std::to_string(block.offset) + " has version " +
                std::to_string(major) + "." + std::to_string(minor) + ", not 1.0";
}

void PcapngReader::describe_interface(const PcapngFields& body) {
  if (!has_fields(body, kPcapngInterfaceFields)) return;
  auto interface = read_interface(body);
  if (!interface) return blocks_.reject("has an option that goes beyond its end");
  if (interfaces_.size() == kMostInterfaces) return blocks_.reject("describes one interface more");
  link_types_.insert(interface->link_type);
  interfaces_.push_back(*std::move(interface));
}

void PcapngReader::take_statistics(const PcapngFields& body) {
  if (!has_fields(body, kPcapngStatisticsFields)) return;
  // Of an interface that nobody described: Wireshark minds it as little.
  CaptureDrops nobodys;
  const uint32_t number = body.u32(0);
  CaptureDrops& drops = number < interfaces_.size() ? interfaces_[number].drops : nobodys;
  if (!read_drops(body.from(kPcapngStatisticsFields), drops))
    blocks_.reject("has an option that goes beyond its end");
}

bool PcapngReader::take_timed(const PcapngFields& body, uint32_t interface) {
  return has_fields(body, kPcapngPacketFields) && take_packet({.interface = interface,
                                                               .ticks = body.ticks(4),
                                                               .captured = body.u32(12),
                                                               .wire_length = body.u32(16)},
                                                              body.from(kPcapngPacketFields));
}

// Of the first interface, at no time; how much was captured follows from the snapshot length.
bool PcapngReader::take_simple(const PcapngFields& body) {
  if (!has_fields(body, kPcapngSimplePacketFields)) return false;
  PacketFields fields{
      .interface = 0, .ticks = 0, .captured = body.u32(0), .wire_length = body.u32(0)};
  if (!interfaces_.empty() && interfaces_[0].snapshot_length != 0)
    fields.captured = std::min(fields.captured, interfaces_[0].snapshot_length);
  if (!take_packet(fields, body.from(kPcapngSimplePacketFields))) return false;
  packet_.time_ns = 0;
  return true;
}

bool PcapngReader::take_packet(const PacketFields& fields, const PcapngFields& rest) {
  if (fields.interface >= interfaces_.size()) {
    blocks_.reject("is of interface " + std::to_string(fields.interface) +
                   ", and its section has " + names_of(interfaces_));
    return false;
  }
  if (fields.captured > rest.size()) {
    blocks_.reject("is to have " + std::to_string(fields.captured) +
                   " captured bytes, and has room for " + std::to_string(rest.size()));
    return false;
  }
  const PcapngInterface& interface = interfaces_[fields.interface];
  ++packet_.number;
  packet_.time_ns = interface.clock.nanoseconds(fields.ticks);
  packet_.wire_length = fields.wire_length;
  packet_.link_type = interface.link_type;
  packet_.bytes = rest.bytes().first(std::min(fields.captured, kMostCaptured));
  return true;
}

bool PcapngReader::has_fields(const PcapngFields& body, size_t size) {
  if (body.size() >= size) return true;
  blocks_.reject("is too short for what it should tell");
  return false;
}

ReadEnd PcapngReader::end() const {
  const ReadEnd& end = blocks_.end();
  if (end.kind != ReadEnd::Kind::Whole || left_out_.empty()) return end;
  return {ReadEnd::Kind::LeftOut, left_out_};
}

std::vector<uint32_t> PcapngReader::link_types() const {
  return {link_types_.begin(), link_types_.end()};
}

CaptureDrops PcapngReader::drops() const { return sum(drops_, interfaces_); }

}  // namespace wireseam
