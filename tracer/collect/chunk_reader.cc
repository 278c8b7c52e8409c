// SPDX-License-Identifier: Apache-2.0
// Most records are done when they are seen. An open one is passed only when something lies behind
// it (calls of a signal handler, made while the thread waited in the call). Where that begins is
// decided by the open record's size, which its thread may just be enlarging: so its head is read
// again after what lies behind was seen, since the thread stores the new size before it writes
// there.
#include "tracer/collect/chunk_reader.h"

#include <algorithm>
#include <atomic>

namespace wireseam {
namespace {

// Its thread writes there no more.
bool is_over(uint32_t head) {
  return record_state(head) == RecordState::Done || record_state(head) == RecordState::Left;
}

}  // namespace

uint32_t ChunkReader::load_head(uint32_t offset) const {
  const auto* head = reinterpret_cast<const std::atomic<uint32_t>*>(chunk_ + offset);
  return head->load(std::memory_order_acquire);
}

// A head whose size is possible; 0 where nothing has been written yet or where it can't be.
uint32_t ChunkReader::settled_head(uint32_t offset) const {
  const uint32_t head = load_head(offset);
  const size_t size = record_size(head);
  return size >= 8 && size <= kChunkSize - offset ? head : 0;
}

ChunkReader::Found ChunkReader::found_at(uint32_t offset, uint32_t head) const {
  return {offset, head, std::span(chunk_ + offset, record_size(head))};
}

void ChunkReader::recheck_open(std::vector<Found>& found) {
  std::erase_if(open_, [&](uint32_t offset) {
    const uint32_t head = settled_head(offset);
    if (is_over(head)) found.push_back(found_at(offset, head));
    return is_over(head);
  });
}

void ChunkReader::find_done(std::vector<Found>& found) {
  recheck_open(found);
  while (!ended_) {
    if (offset_ >= kChunkSize) {
      ended_ = true;
      break;
    }
    const uint32_t head = settled_head(offset_);
    if (head == 0) break;
    if (record_kind(head) == RecordKind::ChunkEnd) {
      ended_ = true;
      break;
    }
    const auto next = static_cast<uint32_t>(offset_ + record_size(head));
    if (is_over(head)) {
      found.push_back(found_at(offset_, head));
    } else {
      if (next >= kChunkSize || load_head(next) == 0) break;
      if (load_head(offset_) != head) continue;
      open_.push_back(offset_);
    }
    offset_ = next;
  }
}

void ChunkReader::find_open(std::vector<Found>& found) const {
  for (const uint32_t offset : open_) found.push_back(found_at(offset, settled_head(offset)));
  if (ended_ || offset_ >= kChunkSize) return;
  const uint32_t head = settled_head(offset_);
  if (head != 0 && record_state(head) == RecordState::Open)
    found.push_back(found_at(offset_, head));
}

}  // namespace wireseam
