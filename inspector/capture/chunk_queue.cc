// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/chunk_queue.h"

#include <utility>

namespace wireseam {

void Chunk::add(uint64_t time_ns, uint32_t wire_length, std::span<const std::byte> bytes) {
  entries_.push_back({.time_ns = time_ns,
                      .wire_length = wire_length,
                      .size = static_cast<uint32_t>(bytes.size()),
                      .offset = bytes_.size()});
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void Chunk::clear() {
  bytes_.clear();
  entries_.clear();
}

ChunkQueue::Item ChunkQueue::take_empty() {
  std::unique_lock lock(mutex_);
  empty_changed_.wait(lock, [this] { return closed_ || unmade_ > 0 || !empty_.empty(); });
  if (closed_) return nullptr;
  if (empty_.empty()) {
    --unmade_;
    return std::make_unique<Chunk>();
  }
  Item chunk = std::move(empty_.back());
  empty_.pop_back();
  return chunk;
}

void ChunkQueue::hand_over(Item chunk) {
  const std::lock_guard lock(mutex_);
  filled_.push_back(std::move(chunk));
  filled_changed_.notify_one();
}

void ChunkQueue::finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  filled_changed_.notify_one();
}

ChunkQueue::Item ChunkQueue::receive(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  filled_changed_.wait_for(lock, wait, [this] { return finished_ || !filled_.empty(); });
  if (filled_.empty()) return nullptr;
  Item chunk = std::move(filled_.front());
  filled_.pop_front();
  return chunk;
}

void ChunkQueue::give_back(Item chunk) {
  chunk->clear();
  const std::lock_guard lock(mutex_);
  empty_.push_back(std::move(chunk));
  empty_changed_.notify_one();
}

bool ChunkQueue::finished() const {
  const std::lock_guard lock(mutex_);
  return finished_ && filled_.empty();
}

void ChunkQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  empty_changed_.notify_one();
}

}  // namespace wireseam
