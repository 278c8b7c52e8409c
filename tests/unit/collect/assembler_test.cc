// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/assembler.h"

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/catch2.h"
#include "tracer/trace/event.h"

using namespace wireseam;

namespace {

struct Piece {
  uint32_t call;
  uint64_t offset;
  uint8_t parameter;
  std::string_view bytes;
  uint64_t total;
};

std::vector<std::byte> record_of(const Piece& piece) {
  std::vector<std::byte> record(sizeof(MoreBytesRecord) + padded(piece.bytes.size()));
  const BlobHeader blob{piece.parameter, BlobPart::Value, 0,
                        static_cast<uint32_t>(piece.bytes.size()), piece.total};
  std::memcpy(record.data() + offsetof(MoreBytesRecord, call), &piece.call, sizeof piece.call);
  std::memcpy(record.data() + offsetof(MoreBytesRecord, offset), &piece.offset,
              sizeof piece.offset);
  std::memcpy(record.data() + offsetof(MoreBytesRecord, blob), &blob, sizeof blob);
  std::memcpy(record.data() + sizeof(MoreBytesRecord), piece.bytes.data(), piece.bytes.size());
  return record;
}

// As its thread wrote them, one after the other.
void add(BlobAssembler& assembler, const std::vector<std::byte>& record) {
  static uint64_t order = 0;
  assembler.add(++order, record);
}

std::vector<std::string> texts_of(const std::vector<std::byte>& blobs) {
  std::vector<std::string> texts;
  for (const Blob& blob : Blobs(blobs))
    texts.emplace_back(reinterpret_cast<const char*>(blob.bytes.data()), blob.bytes.size());
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the pieces of a blob become one blob") {
  BlobAssembler assembler;
  add(assembler,
      record_of({.call = 5, .offset = 0, .parameter = 1, .bytes = "hello ", .total = 11}));
  add(assembler,
      record_of({.call = 5, .offset = 6, .parameter = 1, .bytes = "world", .total = 11}));
  CHECK(texts_of(assembler.take(5)) == Texts{"hello world"});
}

TEST_CASE("several blobs of one call keep their order, and calls are kept apart") {
  BlobAssembler assembler;
  add(assembler, record_of({.call = 5, .offset = 0, .parameter = 1, .bytes = "one", .total = 3}));
  add(assembler, record_of({.call = 9, .offset = 0, .parameter = 1, .bytes = "other", .total = 5}));
  add(assembler, record_of({.call = 5, .offset = 0, .parameter = 2, .bytes = "two", .total = 3}));
  CHECK(texts_of(assembler.take(5)) == Texts{"one", "two"});
  CHECK(texts_of(assembler.take(9)) == Texts{"other"});
  CHECK(assembler.take(5).empty());
}

TEST_CASE("pieces that come in another order than they were written in are put right") {
  BlobAssembler assembler;
  const Piece first{.call = 5, .offset = 0, .parameter = 1, .bytes = "hello ", .total = 11};
  const Piece second{.call = 5, .offset = 6, .parameter = 1, .bytes = "world", .total = 11};
  const Piece next_blob{.call = 5, .offset = 0, .parameter = 1, .bytes = "next", .total = 4};
  assembler.add(3, record_of(next_blob));
  assembler.add(2, record_of(second));
  assembler.add(1, record_of(first));
  CHECK(texts_of(assembler.take(5)) == Texts{"hello world", "next"});
}

TEST_CASE("a piece that does not follow the one before it is left out") {
  BlobAssembler assembler;
  add(assembler,
      record_of({.call = 5, .offset = 0, .parameter = 1, .bytes = "hello", .total = 20}));
  add(assembler, record_of({.call = 5, .offset = 9, .parameter = 1, .bytes = "gap", .total = 20}));
  CHECK(texts_of(assembler.take(5)) == Texts{"hello"});
}

TEST_CASE("a record whose blob claims more bytes than came is left out") {
  BlobAssembler assembler;
  auto record = record_of({.call = 5, .offset = 0, .parameter = 1, .bytes = "hello", .total = 5});
  record.resize(sizeof(MoreBytesRecord));
  assembler.add(1, record);
  assembler.add(2, {});
  CHECK(assembler.take(5).empty());
}
