// SPDX-License-Identifier: Apache-2.0
// Most records are done when they are seen. An open one is passed only when something lies behind
// it (calls of a signal handler, made while the thread waited in the call). Where that begins is
// decided by the open record's size, which its thread may just be enlarging: so its head is read
// again after what lies behind was seen, since the thread stores the new size before it writes
// there. From then on its size is settled: whoever changes it is not its thread.
#include "tracer/collect/chunk_reader.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace wireseam {
namespace {

// Its thread writes there no more.
bool is_over(uint32_t head) {
  return record_state(head) == RecordState::Done || record_state(head) == RecordState::Left;
}

// What the shim may have written, of calls and of all else.
bool is_possible(uint32_t head) {
  const RecordState state = record_state(head);
  switch (record_kind(head)) {
    case RecordKind::Call:
      return state == RecordState::Open || is_over(head);
    case RecordKind::MoreBytes:
    case RecordKind::Process:
    case RecordKind::ChunkEnd:
    case RecordKind::Void:
    case RecordKind::Module:
      return state == RecordState::Done;
    case RecordKind::None:
    case RecordKind::ProcessEnd:
    case RecordKind::Lost:
    case RecordKind::UnseenSocket:
    case RecordKind::Symbol:
      break;
  }
  return false;
}

}  // namespace

uint32_t ChunkReader::load_head(uint32_t offset) const {
  const auto* head = reinterpret_cast<const std::atomic<uint32_t>*>(chunk_ + offset);
  return head->load(std::memory_order_acquire);
}

// A head that is possible; 0 where nothing has been written yet or where it can't be.
uint32_t ChunkReader::settled_head(uint32_t offset) {
  const uint32_t head = load_head(offset);
  if (head == 0) return 0;
  const size_t size = record_size(head);
  if (size >= 8 && size <= kChunkSize - offset && is_possible(head)) return head;
  damaged_ = true;
  return 0;
}

ChunkReader::Found ChunkReader::found_at(uint32_t offset, uint32_t head) {
  if (!copy_) copy_ = std::make_unique<Bytes>();
  std::byte* bytes = copy_->data() + offset;
  std::memcpy(bytes, chunk_ + offset, record_size(head));
  std::memcpy(bytes, &head, sizeof head);  // the one that was looked at
  return {offset, head, std::span(bytes, record_size(head))};
}

void ChunkReader::recheck_open(std::vector<Found>& found) {
  std::erase_if(open_, [&](const Open& open) {
    const uint32_t head = load_head(open.offset);
    if (head == open.head) return false;
    if (!is_possible(head) || record_size(head) != record_size(open.head)) {
      damaged_ = true;
      return false;
    }
    if (is_over(head)) found.push_back(found_at(open.offset, head));
    return is_over(head);
  });
}

void ChunkReader::find_done(std::vector<Found>& found) {
  constexpr int kMostTries = 1000;  // a record is enlarged a few times at most
  recheck_open(found);
  for (int tries = 0; !ended_ && !damaged_;) {
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
      if (load_head(offset_) != head) {
        damaged_ = ++tries == kMostTries;
        continue;
      }
      open_.push_back({offset_, head});
    }
    offset_ = next;
  }
}

void ChunkReader::find_open(std::vector<Open>& found) {
  found.insert(found.end(), open_.begin(), open_.end());
  if (ended_ || offset_ >= kChunkSize) return;
  const uint32_t head = settled_head(offset_);
  if (head != 0 && record_state(head) == RecordState::Open) found.push_back({offset_, head});
}

}  // namespace wireseam
