// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/trace/trace_file.h"

#include <cstring>

#include "tracer/trace/bytes.h"
#include "tracer/trace/record.h"
#include "tracer/trace/writer.h"

namespace wireseam::test {
namespace {

std::string call_text(const CallEvent& call) {
  std::string text(call.info != nullptr ? call.info->name : "?");
  for (const uint64_t argument : call.arguments) text += " " + std::to_string(argument);
  text += " = " + std::to_string(call.result) + " errno " + std::to_string(call.errnum);
  text += " after " + std::to_string(call.duration_ns);
  if (call.state == CallState::CutOff) text += " cut off";
  for (const Blob& blob : call.blobs)
    text += " [" + std::to_string(blob.parameter) + "]=" + std::string(text_of(blob.bytes));
  if (!call.caller.module.empty())
    text += " from " + std::string(call.caller.module) + ":" + std::string(call.caller.symbol);
  return text;
}

struct What {
  std::string operator()(const CallEvent& call) const { return call_text(call); }
  std::string operator()(const ProcessBeginEvent& begin) const {
    return "begin " + std::string(begin.name) + " by " + std::to_string(begin.parent) + " cause " +
           std::to_string(static_cast<uint32_t>(begin.cause)) + " user " +
           std::to_string(begin.user);
  }
  std::string operator()(const ProcessEndEvent& end) const {
    return "end " + std::to_string(end.status);
  }
  std::string operator()(const LostEvent& lost) const {
    return "lost " + std::to_string(lost.count);
  }
  std::string operator()(const UnseenSocketEvent& socket) const {
    return "unseen socket " + std::to_string(socket.identity.inode) + " since " +
           std::to_string(socket.since_ns) + " until " + std::to_string(socket.until_ns);
  }
};

std::string line_of(const Event& event) {
  return std::to_string(event.time_ns) + " " + std::to_string(event.process) + "/" +
         std::to_string(event.pid) + "/" + std::to_string(event.tid) + " " +
         std::visit(What{}, event.what);
}

}  // namespace

TraceFile::TraceFile() { append_file_header(bytes_, 1000); }

void TraceFile::add(const Event& event) {
  offsets_.push_back(bytes_.size());
  append_record(bytes_, {.size = 0, .pid = event.pid, .tid = event.tid, .process = event.process},
                encode_record(event));
}

void TraceFile::add_symbol(uint32_t process, uint64_t address, std::string_view module,
                           std::string_view symbol) {
  offsets_.push_back(bytes_.size());
  append_record(bytes_, {.size = 0, .pid = 1, .tid = 1, .process = process},
                encode_symbol(address, module, symbol));
}

void TraceFile::put(size_t offset, const void* value, size_t size) {
  std::memcpy(bytes_.data() + offset, value, size);
}

void TraceFile::set_magic(std::string_view magic) { put(0, magic.data(), magic.size()); }

void TraceFile::set_version(uint32_t version) {
  put(offsetof(TraceFileHeader, version), &version, sizeof version);
}

void TraceFile::set_word_size(uint32_t size) {
  put(offsetof(TraceFileHeader, word_size), &size, sizeof size);
}

void TraceFile::set_header_size(uint32_t size) {
  put(offsetof(TraceFileHeader, header_size), &size, sizeof size);
}

void TraceFile::swap_byte_order() {
  const uint32_t swapped = __builtin_bswap32(kTraceByteOrder);
  put(offsetof(TraceFileHeader, byte_order), &swapped, sizeof swapped);
}

void TraceFile::set_size(size_t record, uint32_t size) {
  put(offset_of(record), &size, sizeof size);
}

void TraceFile::set_kind(size_t record, uint8_t kind) {
  put(offset_of(record) + sizeof(RecordContext) + 2, &kind, sizeof kind);
}

void TraceFile::set_state(size_t record, uint8_t state) {
  put(offset_of(record) + sizeof(RecordContext) + 3, &state, sizeof state);
}

void EventLog::event(const Event& event) { lines.push_back(line_of(event)); }

void EventLog::running(const Event& event) { lines.push_back("running " + line_of(event)); }

std::vector<std::string> read_lines(const TraceFile& file, ReadReport* report) {
  EventLog log;
  TraceReader reader(file.bytes());
  const ReadReport result = read_trace(reader, log);
  if (report != nullptr) *report = result;
  return log.lines;
}

}  // namespace wireseam::test
