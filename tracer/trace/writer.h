// SPDX-License-Identifier: Apache-2.0
// Writes a trace file (.wst), as docs/trace-format.md describes it. Append-only: whatever happens
// to the writer, the file holds every record that was flushed whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/fd.h"
#include "tracer/trace/event.h"
#include "tracer/trace/format.h"

namespace wireseam {

// The header of a trace file that was begun at that time.
void append_file_header(std::vector<std::byte>& file, uint64_t started_ns);

// A context with its size, the record with no size in its head, and padding to 8 bytes.
void append_record(std::vector<std::byte>& file, const RecordContext& context,
                   std::span<const std::byte> record);

// Collects records and writes them by the quarter megabyte. All but the constructor may throw Error
// ("cannot write trace 'NAME': No space left on device"). After that the records that were not
// written are still held, and the next flush goes on where the last one stopped, even inside a
// record; a caller that has had enough throws the writer away. The process must ignore SIGXFSZ to
// see a file size limit as an Error.
class TraceWriter {
 public:
  TraceWriter(Fd file, std::string name, uint64_t started_ns);

  // context.size is not looked at. Flushes when enough has come together.
  void append(const RecordContext& context, std::span<const std::byte> record);

  void append(const Event& event);

  // Must come before the first call from that address.
  void append_symbol(uint32_t pid, uint32_t process, uint64_t address, std::string_view module,
                     std::string_view symbol);

  void flush();

  // How much waits for a flush.
  size_t unwritten_bytes() const { return buffer_.size(); }

  // What has reached the file.
  uint64_t written_bytes() const { return written_; }

 private:
  void flush_when_full();

  Fd file_;
  std::string name_;
  std::vector<std::byte> buffer_;
  uint64_t written_ = 0;
};

}  // namespace wireseam
