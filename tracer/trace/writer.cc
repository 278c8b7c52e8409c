// SPDX-License-Identifier: Apache-2.0
// Framing of records in a trace file, and writing with full disks in mind.
#include "tracer/trace/writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "common/error.h"
#include "tracer/trace/record.h"

namespace wireseam {
namespace {

constexpr size_t kFlushSize = size_t{256} << 10;

// What a context's 32-bit size can say. Blobs beyond are cut off, which readers understand.
constexpr size_t kMaxRecord = UINT32_MAX - sizeof(RecordContext) - 7;

template <typename T>
void append_bytes(std::vector<std::byte>& file, const T& value) {
  const size_t end = file.size();
  file.resize(end + sizeof value);
  std::memcpy(file.data() + end, &value, sizeof value);
}

}  // namespace

void append_file_header(std::vector<std::byte>& file, uint64_t started_ns) {
  TraceFileHeader header{.magic = {},
                         .byte_order = kTraceByteOrder,
                         .version = kTraceVersion,
                         .header_size = sizeof(TraceFileHeader),
                         .word_size = sizeof(long),
                         .started = started_ns};
  std::memcpy(header.magic, kTraceMagic, sizeof header.magic);
  append_bytes(file, header);
}

void append_record(std::vector<std::byte>& file, const RecordContext& context,
                   std::span<const std::byte> record) {
  uint32_t head = 0;
  record = record.first(std::min(record.size(), kMaxRecord));
  if (record.size() < sizeof head) return;
  std::memcpy(&head, record.data(), sizeof head);
  RecordContext sized = context;
  sized.size = static_cast<uint32_t>(sizeof sized + padded(record.size()));
  append_bytes(file, sized);
  append_bytes(file, record_head(0, record_kind(head), record_state(head)));
  file.insert(file.end(), record.begin() + sizeof head, record.end());
  file.resize(file.size() + padded(record.size()) - record.size());
}

TraceWriter::TraceWriter(Fd file, std::string name, uint64_t started_ns)
    : file_(std::move(file)), name_(std::move(name)) {
  append_file_header(buffer_, started_ns);
}

void TraceWriter::append(const RecordContext& context, std::span<const std::byte> record) {
  append_record(buffer_, context, record);
  flush_when_full();
}

void TraceWriter::append(const Event& event) {
  append({.size = 0, .pid = event.pid, .tid = event.tid, .process = event.process},
         encode_record(event));
}

void TraceWriter::append_symbol(uint32_t pid, uint32_t process, uint64_t address,
                                std::string_view module, std::string_view symbol) {
  append({.size = 0, .pid = pid, .tid = pid, .process = process},
         encode_symbol(address, module, symbol));
}

void TraceWriter::flush_when_full() {
  if (buffer_.size() >= kFlushSize) flush();
}

void TraceWriter::flush() {
  size_t done = 0;
  int errnum = 0;
  while (done < buffer_.size() && errnum == 0) {
    const ssize_t count = ::write(file_.get(), buffer_.data() + done, buffer_.size() - done);
    if (count >= 0) {
      done += static_cast<size_t>(count);
    } else if (errno != EINTR) {
      errnum = errno;
    }
  }
  written_ += done;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<ptrdiff_t>(done));
  if (errnum != 0) throw Error("cannot write trace", name_, errnum);
}

}  // namespace wireseam
