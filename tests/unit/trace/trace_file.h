// SPDX-License-Identifier: Apache-2.0
// A trace file in memory that can be damaged on purpose, and a sink that keeps what was read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/trace/event.h"
#include "tracer/trace/format.h"
#include "tracer/trace/reader.h"

namespace wireseam::test {

class TraceFile {
 public:
  TraceFile();

  void add(const Event& event);
  void add_symbol(uint32_t process, uint64_t address, std::string_view module,
                  std::string_view symbol);

  // Damage. Records count from 0.
  void shrink_to(size_t size) { bytes_.resize(size); }
  void set_magic(std::string_view magic);
  void set_version(uint32_t version);
  void set_word_size(uint32_t size);
  void set_header_size(uint32_t size);
  void swap_byte_order();
  void set_size(size_t record, uint32_t size);
  void set_kind(size_t record, uint8_t kind);
  void set_state(size_t record, uint8_t state);

  std::span<const std::byte> bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  size_t offset_of(size_t record) const { return offsets_[record]; }

 private:
  void put(size_t offset, const void* value, size_t size);

  std::vector<std::byte> bytes_;
  std::vector<size_t> offsets_;  // of each record's context
};

// Events as text, one each: what decode and encode must agree about.
class EventLog : public EventSink {
 public:
  void event(const Event& event) override;
  void running(const Event& event) override;
  void finish() override { lines.emplace_back("finish"); }

  std::vector<std::string> lines;
};

// The lines that reading this file gives; `report` is set where it is asked for.
std::vector<std::string> read_lines(const TraceFile& file, ReadReport* report = nullptr);

}  // namespace wireseam::test
