// SPDX-License-Identifier: Apache-2.0
// Puts the records of all threads in the order of their time. Records arrive in batches, each
// thread's in its own order; what began after the batch's horizon waits for the next one, since
// another thread may still bring something earlier.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tracer/trace/format.h"

namespace wireseam {

class Timeline {
 public:
  enum class Stage : uint8_t {
    Complete,
    Running,  // a call that is still being made: announced now, and once more when complete
  };

  struct Item {
    uint64_t start;  // on the region's clock
    Stage stage;
    uint32_t thread;  // index
    RecordContext context;
    size_t offset;  // of its bytes
    size_t size;
  };

  // Copies the record.
  void add(uint64_t start, Stage stage, uint32_t thread, const RecordContext& context,
           std::span<const std::byte> record);

  // Adds bytes to the record that was added last.
  void extend(std::span<const std::byte> bytes);

  // The items that began at or before `horizon`, sorted; bytes() of them may be changed. They are
  // gone at the next call of drop().
  std::span<const Item> up_to(uint64_t horizon);
  std::span<std::byte> bytes(const Item& item) {
    return std::span(bytes_).subspan(item.offset, item.size);
  }

  // Forgets the items that up_to gave.
  void drop();

  bool empty() const { return items_.empty(); }

 private:
  std::vector<Item> items_;
  std::vector<std::byte> bytes_;
  size_t given_ = 0;
};

}  // namespace wireseam
