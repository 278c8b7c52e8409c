// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/chunk_reader.h"

#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/collect/chunk_builder.h"
#include "tracer/trace/bytes.h"

using namespace wireseam;
using test::ChunkBuilder;

namespace {

using Offsets = std::vector<uint32_t>;

template <typename Records>
Offsets offsets_of(const Records& found) {
  Offsets offsets;
  for (const auto& record : found) offsets.push_back(record.offset);
  return offsets;
}

Offsets done(ChunkReader& reader) {
  std::vector<ChunkReader::Found> found;
  reader.find_done(found);
  return offsets_of(found);
}

Offsets open(ChunkReader& reader) {
  std::vector<ChunkReader::Open> found;
  reader.find_open(found);
  return offsets_of(found);
}

}  // namespace

TEST_CASE("a record stays as it was when it was found") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  const uint32_t call = chunk.call(RecordState::Done);
  std::vector<ChunkReader::Found> found;
  reader.find_done(found);
  chunk.set_head(call, 0xffffffff);
  REQUIRE(found.size() == 1);
  CHECK(read_at<uint32_t>(found[0].bytes) ==
        record_head(sizeof(CallRecord), RecordKind::Call, RecordState::Done));
}

TEST_CASE("what the shim does not write is damage, and read no further") {
  const auto [head, kind] = GENERATE(
      std::pair(record_head(2 * kChunkSize, RecordKind::Call, RecordState::Done), "too long"),
      std::pair(record_head(0, RecordKind::Call, RecordState::Done), "no size"),
      std::pair(record_head(96, RecordKind::Symbol, RecordState::Done), "of trace files"),
      std::pair(record_head(96, RecordKind::Module, RecordState::Open), "open, and no call"),
      std::pair(record_head(96, static_cast<RecordKind>(200), RecordState::Done), "unknown"),
      std::pair(record_head(96, RecordKind::Call, static_cast<RecordState>(9)), "no state"));
  CAPTURE(kind);
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  chunk.set_head(chunk.offset(), head);
  CHECK(done(reader).empty());
  CHECK(open(reader).empty());
  CHECK(reader.damaged());
}

TEST_CASE("an open call with something behind it can't grow any more") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  const uint32_t outer = chunk.call(RecordState::Open);
  chunk.call(RecordState::Done);
  done(reader);
  CHECK_FALSE(reader.damaged());
  chunk.set_head(outer, record_head(2048, RecordKind::Call, RecordState::Done));
  CHECK(done(reader).empty());
  CHECK(reader.damaged());
}

TEST_CASE("a chunk that nobody has written to holds nothing") {
  const ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  CHECK(done(reader).empty());
  CHECK(open(reader).empty());
  CHECK_FALSE(reader.exhausted());
}

TEST_CASE("each finished record is found once") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  const uint32_t first = chunk.call(RecordState::Done);
  CHECK(done(reader) == Offsets{first});
  const uint32_t second = chunk.call(RecordState::Done, 128);
  CHECK(done(reader) == Offsets{second});
  CHECK(done(reader).empty());
}

TEST_CASE("a call in progress is open, and found when it is done") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  const uint32_t call = chunk.call(RecordState::Open);
  CHECK(done(reader).empty());
  CHECK(open(reader) == Offsets{call});
  chunk.set_head(call, record_head(sizeof(CallRecord), RecordKind::Call, RecordState::Done));
  CHECK(done(reader) == Offsets{call});
  CHECK(open(reader).empty());
}

TEST_CASE("what a signal handler calls is found while the call under it is open") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  const uint32_t outer = chunk.call(RecordState::Open);
  const uint32_t nested = chunk.call(RecordState::Done);
  CHECK(done(reader) == Offsets{nested});
  CHECK(open(reader) == Offsets{outer});
  chunk.set_head(outer, record_head(sizeof(CallRecord), RecordKind::Call, RecordState::Done));
  CHECK(done(reader) == Offsets{outer});
}

TEST_CASE("a chunk is exhausted at its end, but not while a call in it is open") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  const uint32_t call = chunk.call(RecordState::Open);
  chunk.chunk_end();
  done(reader);
  CHECK_FALSE(reader.exhausted());
  chunk.set_head(call, record_head(sizeof(CallRecord), RecordKind::Call, RecordState::Done));
  CHECK(done(reader) == Offsets{call});
  CHECK(reader.exhausted());
}

TEST_CASE("a chunk that is full to its last byte is exhausted") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  const uint32_t call = chunk.call(RecordState::Done, kChunkSize - sizeof(ChunkHeader));
  CHECK(done(reader) == Offsets{call});
  CHECK(reader.exhausted());
}

TEST_CASE("sizes that cannot be end the reading, not the reader") {
  ChunkBuilder chunk;
  ChunkReader reader(chunk.bytes());
  chunk.set_head(chunk.offset(), record_head(2 * kChunkSize, RecordKind::Call, RecordState::Done));
  CHECK(done(reader).empty());
  chunk.set_head(chunk.offset(), record_head(0, RecordKind::Call, RecordState::Done));
  CHECK(done(reader).empty());
  CHECK(open(reader).empty());
}
