// SPDX-License-Identifier: Apache-2.0
// Reads a trace file (.wst), as docs/trace-format.md describes it, record by record. Its bytes may
// be anything: what can't be read is counted and passed over, and a file that ends in the middle of
// a record is read up to there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/fd.h"
#include "tracer/trace/event.h"
#include "tracer/trace/format.h"
#include "tracer/trace/record.h"

namespace wireseam {

// How much of a trace file could be read.
struct ReadReport {
  enum class End : uint8_t {
    Complete,
    Truncated,  // the file ends inside a record: the writer died, or still writes
    Malformed,  // a record's size can't be: where the next one begins is unknown
  };

  End end = End::Complete;
  uint64_t end_offset = 0;  // in the file, where the last whole record ends
  uint64_t records = 0;     // whole ones, whatever became of them
  uint64_t unknown = 0;     // of these, of a kind that this version does not know
  uint64_t malformed = 0;   // of these, whose fields do not fit
};

// What a user should be told about it; empty where everything was read.
std::string to_string(const ReadReport& report);

// A record as it lies in the file.
struct RawRecord {
  RecordContext context;
  std::span<const std::byte> bytes;  // without the context
};

// Constructors throw Error for what is no trace file of this version and byte order.
class TraceReader {
 public:
  // The bytes must stay alive as long as the reader.
  explicit TraceReader(std::span<const std::byte> file);

  // Reads ahead in a file, a pipe will do. `name` is for errors; `begun` has been read of the file
  // already.
  TraceReader(Fd file, std::string name, std::span<const std::byte> begun = {});

  // When recording began, CLOCK_REALTIME.
  uint64_t started_ns() const { return started_ns_; }

  // The next record, valid until the next call; no value at the end, where a file that still grows
  // may have one later. Throws Error when the file can't be read (EIO).
  std::optional<RawRecord> next();

  // Counts what became of a record that next() gave.
  void count(RecordFate fate);

  // Complete only after next() has returned no value.
  const ReadReport& report() const { return report_; }

 private:
  void read_header();
  void fill(size_t wanted);
  void consume(size_t size);

  Fd file_;
  std::string name_;
  std::vector<std::byte> buffer_;
  std::span<const std::byte> window_;  // what is at hand and not consumed
  uint64_t started_ns_ = 0;
  ReadReport report_;
};

// Reads all of it into the sink, in the order of the file, and ends with sink.finish().
ReadReport read_trace(TraceReader& reader, EventSink& sink);

}  // namespace wireseam
