// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/pcapng_blocks.h"

#include <algorithm>

#include "common/error.h"

namespace wireseam {
namespace {

bool is_looked_into(PcapngBlockType type) {
  switch (type) {
    case PcapngBlockType::SectionHeader:
    case PcapngBlockType::InterfaceDescription:
    case PcapngBlockType::Packet:
    case PcapngBlockType::SimplePacket:
    case PcapngBlockType::InterfaceStatistics:
    case PcapngBlockType::EnhancedPacket:
      return true;
    case PcapngBlockType::SystemdJournal:
    case PcapngBlockType::SysdigEvent:
    case PcapngBlockType::SysdigEventV2:
    case PcapngBlockType::SysdigEventV2Large:
    case PcapngBlockType::Custom:
    case PcapngBlockType::CustomNotToCopy:
      return false;
  }
  return false;
}

}  // namespace

const PcapngBlock* PcapngBlocks::next() {
  if (ended_) return nullptr;
  const auto head = bytes_.peek(kPcapngSmallestBlock);
  block_.offset = bytes_.position();
  if (head.size() < kPcapngSmallestBlock) {
    block_.size = 0;
    break_off(head.size());
    return nullptr;
  }
  if (!begin(head)) return nullptr;
  const bool whole = is_looked_into(block_.type) ? load_body() : pass_over();
  return whole ? &block_ : nullptr;
}

bool PcapngBlocks::is_next_there() const {
  const PcapngFields head(bytes_.buffered(), order_);
  return head.size() >= kPcapngSmallestBlock && head.size() >= head.u32(4);
}

// False where it cannot be one.
bool PcapngBlocks::begin(std::span<const std::byte> head) {
  // A section header's type is the same in both byte orders.
  block_.type = static_cast<PcapngBlockType>(PcapngFields(head, order_).u32(0));
  block_.size = 0;
  if (block_.type == PcapngBlockType::SectionHeader && !take_byte_order(head)) return false;
  block_.size = PcapngFields(head, order_).u32(4);
  if (block_.size >= kPcapngSmallestBlock && block_.size % kPcapngAlignment == 0 &&
      (block_.size <= FileBytes::kMost || !is_looked_into(block_.type)))
    return true;
  reject("has an impossible length of " + std::to_string(block_.size) + " bytes");
  return false;
}

bool PcapngBlocks::take_byte_order(std::span<const std::byte> head) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    if (PcapngFields(head, order).u32(kPcapngBlockHead) != kPcapngByteOrderMagic) continue;
    order_ = order;
    return true;
  }
  reject("begins a section without a byte order");
  return false;
}

bool PcapngBlocks::load_body() {
  const auto block = bytes_.peek(block_.size);
  if (block.size() < block_.size) {
    break_off(block.size());
    return false;
  }
  const PcapngFields fields(block.first(block_.size), order_);
  block_.body = fields.from(kPcapngBlockHead).first(block_.size - kPcapngSmallestBlock);
  bytes_.skip(block_.size);
  return check_tail(fields.u32(block_.size - kPcapngBlockTail));
}

bool PcapngBlocks::pass_over() {
  block_.body = {};
  for (uint64_t left = block_.size - kPcapngBlockTail; left > 0;) {
    const size_t count = std::min<uint64_t>(bytes_.peek(1).size(), left);
    if (count == 0) {
      break_off(block_.size - kPcapngBlockTail - left);
      return false;
    }
    bytes_.skip(count);
    left -= count;
  }
  const auto tail = bytes_.peek(kPcapngBlockTail);
  if (tail.size() < kPcapngBlockTail) {
    break_off(block_.size - kPcapngBlockTail + tail.size());
    return false;
  }
  bytes_.skip(kPcapngBlockTail);
  return check_tail(PcapngFields(tail, order_).u32(0));
}

bool PcapngBlocks::check_tail(uint32_t size) {
  if (size == block_.size) return true;
  reject("begins with a length of " + std::to_string(block_.size) + " bytes and ends with one of " +
         std::to_string(size));
  return false;
}

// No more than `have` bytes of the block are there.
void PcapngBlocks::break_off(uint64_t have) {
  ended_ = true;
  const std::string whole = block_.size > 0 ? std::to_string(block_.size) : "its";
  if (bytes_.errnum() != 0)
    end_ = {ReadEnd::Kind::Stuck, errno_text(bytes_.errnum())};
  else if (have > 0)
    end_ = {ReadEnd::Kind::Cut,
            name() + " has " + std::to_string(have) + " of " + whole + " bytes"};
}

void PcapngBlocks::reject(const std::string& why) {
  ended_ = true;
  end_ = {ReadEnd::Kind::Stuck, name() + " " + why};
}

std::string PcapngBlocks::name() const {
  return "the block at byte " + std::to_string(block_.offset);
}

}  // namespace wireseam
