// SPDX-License-Identifier: Apache-2.0
// One record's bytes to an Event and back, as docs/trace-format.md describes them. The collector
// decodes live records with it, the reader those of a file. The bytes may be anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tracer/trace/event.h"
#include "tracer/trace/format.h"
#include "tracer/trace/symbol_table.h"

namespace wireseam {

enum class RecordFate : uint8_t {
  Event,      // became an event
  Symbol,     // went into the symbol table
  Unknown,    // a kind that this version does not know, or that has no place in a file
  Malformed,  // too short for its kind, or in no known state
};

struct DecodedRecord {
  RecordFate fate = RecordFate::Unknown;
  Event event;  // set where fate is Event
};

// The event that a record tells. A SymbolRecord is entered into `symbols`, which also gives each
// call its caller. The event points into `record` and `symbols`. A call that never returned is
// CutOff.
DecodedRecord decode_record(const RecordContext& context, std::span<const std::byte> record,
                            SymbolTable& symbols);

// When a record's event began and when it took effect: a call when it returned, or at its start if
// it gives descriptors away or never returned. No value for records that make no event.
struct RecordTimes {
  uint64_t start = 0;
  uint64_t effect = 0;
};
std::optional<RecordTimes> record_times(std::span<const std::byte> record);

// The record that decode_record makes this event of. The caller's names are not part of it.
std::vector<std::byte> encode_record(const Event& event);

// A SymbolRecord. Texts are cut at 65,535 bytes.
std::vector<std::byte> encode_symbol(uint64_t address, std::string_view module,
                                     std::string_view symbol);

}  // namespace wireseam
