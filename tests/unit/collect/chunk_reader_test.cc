// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/chunk_reader.h"

#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/collect/chunk_builder.h"

using namespace wireseam;
using test::ChunkBuilder;

namespace {

using Offsets = std::vector<uint32_t>;

Offsets offsets_of(const std::vector<ChunkReader::Found>& found) {
  Offsets offsets;
  for (const auto& record : found) offsets.push_back(record.offset);
  return offsets;
}

Offsets done(ChunkReader& reader) {
  std::vector<ChunkReader::Found> found;
  reader.find_done(found);
  return offsets_of(found);
}

Offsets open(const ChunkReader& reader) {
  std::vector<ChunkReader::Found> found;
  reader.find_open(found);
  return offsets_of(found);
}

}  // namespace

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
