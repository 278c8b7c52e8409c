// SPDX-License-Identifier: Apache-2.0
// Hands packets from the thread that captures to the one that looks at them, many at a time. The
// chunks go round: once all of them have been in use nothing is allocated any more.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace wireseam {

class Chunk {
 public:
  struct Entry {
    uint64_t time_ns = 0;
    uint32_t wire_length = 0;
    uint32_t size = 0;  // of what was captured
    size_t offset = 0;
  };

  Chunk() { bytes_.reserve(kSize); }

  // A packet that alone is larger than a chunk has room in an empty one.
  bool has_room(size_t size) const {
    return bytes_.empty() || (size <= kSize && bytes_.size() <= kSize - size);
  }
  void add(uint64_t time_ns, uint32_t wire_length, std::span<const std::byte> bytes);
  void clear();

  const std::vector<Entry>& entries() const { return entries_; }
  std::span<const std::byte> bytes(const Entry& entry) const {
    return std::span(bytes_).subspan(entry.offset, entry.size);
  }

 private:
  static constexpr size_t kSize = size_t{1} << 20;

  std::vector<std::byte> bytes_;
  std::vector<Entry> entries_;
};

class ChunkQueue {
 public:
  using Item = std::unique_ptr<Chunk>;

  explicit ChunkQueue(size_t chunks) : unmade_(chunks) {}

  // The producer's side. An empty chunk; waits for one while the consumer has all of them. nullptr
  // when the consumer has closed the queue.
  Item take_empty();
  void hand_over(Item chunk);
  void finish();  // nothing more will come

  // The consumer's side. The oldest chunk; nullptr where none came within `wait`.
  Item receive(std::chrono::milliseconds wait);
  void give_back(Item chunk);
  bool finished() const;  // and all has been received
  void close();           // the producer shall not wait any more

 private:
  mutable std::mutex mutex_;
  std::condition_variable filled_changed_;
  std::condition_variable empty_changed_;
  std::deque<Item> filled_;
  std::vector<Item> empty_;
  size_t unmade_;
  bool finished_ = false;
  bool closed_ = false;
};

}  // namespace wireseam
