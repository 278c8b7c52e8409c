// SPDX-License-Identifier: Apache-2.0
// Cutting a trace file into records.
#include "tracer/trace/reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "common/error.h"
#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

constexpr size_t kReadAhead = size_t{256} << 10;
constexpr size_t kMaxHeader = 65536;

// What makes this header one that can't be read; empty where nothing does.
std::string header_complaint(const TraceFileHeader& header) {
  if (std::memcmp(header.magic, kTraceMagic, sizeof header.magic) != 0)
    return "is not a trace file";
  if (header.byte_order == __builtin_bswap32(kTraceByteOrder))
    return "was recorded on a machine of the other byte order";
  if (header.byte_order != kTraceByteOrder) return "has a damaged header";
  if (header.version == 0) return "has a damaged header";
  if (header.version > kTraceVersion)
    return "was written by a newer wireseam: its format is " + std::to_string(header.version) +
           ", this one reads up to " + std::to_string(kTraceVersion);
  if (header.word_size != sizeof(long))
    return "was recorded from programs with words of " + std::to_string(header.word_size) +
           " bytes, this wireseam reads " + std::to_string(sizeof(long));
  if (header.header_size < sizeof header || header.header_size > kMaxHeader)
    return "has a damaged header";
  return "";
}

}  // namespace

std::string to_string(const ReadReport& report) {
  std::string text;
  const auto say = [&text](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  const std::string offset = std::to_string(report.end_offset);
  if (report.end == ReadReport::End::Truncated) say("cut off after byte " + offset);
  if (report.end == ReadReport::End::Malformed) say("damaged after byte " + offset);
  if (report.malformed > 0) say("damaged records left out: " + std::to_string(report.malformed));
  if (report.unknown > 0)
    say("records of unknown kind left out: " + std::to_string(report.unknown));
  return text;
}

TraceReader::TraceReader(std::span<const std::byte> file) : name_("(memory)"), window_(file) {
  read_header();
}

TraceReader::TraceReader(Fd file, std::string name, std::span<const std::byte> begun)
    : file_(std::move(file)),
      name_(std::move(name)),
      buffer_(begun.begin(), begun.end()),
      window_(buffer_) {
  read_header();
}

void TraceReader::read_header() {
  fill(sizeof(TraceFileHeader));
  const auto header = read_at<TraceFileHeader>(window_);
  std::string complaint = header ? header_complaint(*header) : "is too short for a trace file";
  if (complaint.empty()) {
    fill(header->header_size);
    if (window_.size() < header->header_size) complaint = "is cut off in its header";
  }
  if (!complaint.empty()) throw Error("'" + name_ + "' " + complaint);
  started_ns_ = header->started;
  consume(header->header_size);
}

std::optional<RawRecord> TraceReader::next() {
  if (report_.end == ReadReport::End::Truncated) report_.end = ReadReport::End::Complete;
  fill(sizeof(RecordContext));
  const auto context = read_at<RecordContext>(window_);
  if (!context) {
    if (!window_.empty()) report_.end = ReadReport::End::Truncated;
    return std::nullopt;
  }
  if (context->size < sizeof *context + sizeof(uint32_t)) {
    report_.end = ReadReport::End::Malformed;
    return std::nullopt;
  }
  fill(context->size);
  if (window_.size() < context->size) {
    report_.end = ReadReport::End::Truncated;
    return std::nullopt;
  }
  const auto bytes = window_.first(context->size).subspan(sizeof *context);
  consume(context->size);
  ++report_.records;
  return RawRecord{*context, bytes};
}

// Makes the window `wanted` bytes long, or as long as the file allows. The buffer grows with what
// really comes, never with what a damaged size promises.
void TraceReader::fill(size_t wanted) {
  if (!file_ || window_.size() >= wanted) return;
  size_t have = window_.size();
  if (have > 0) std::memmove(buffer_.data(), window_.data(), have);
  while (have < wanted) {
    if (have == buffer_.size()) buffer_.resize(std::max(2 * have, kReadAhead));
    const ssize_t count = ::read(file_.get(), buffer_.data() + have, buffer_.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error("cannot read trace", name_, errno);
    if (count == 0) break;
    have += static_cast<size_t>(count);
  }
  window_ = std::span(buffer_).first(have);
}

void TraceReader::consume(size_t size) {
  window_ = window_.subspan(size);
  report_.end_offset += size;
}

void TraceReader::count(RecordFate fate) {
  if (fate == RecordFate::Unknown) ++report_.unknown;
  if (fate == RecordFate::Malformed) ++report_.malformed;
}

ReadReport read_trace(TraceReader& reader, EventSink& sink) {
  SymbolTable symbols;
  while (const auto record = reader.next()) {
    const DecodedRecord decoded = decode_record(record->context, record->bytes, symbols);
    if (decoded.fate == RecordFate::Event) sink.event(decoded.event);
    reader.count(decoded.fate);
  }
  sink.finish();
  return reader.report();
}

}  // namespace wireseam
