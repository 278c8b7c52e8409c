// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/event.h"

#include <string_view>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/event_builder.h"

using namespace wireseam;
using wireseam::test::EventBuilder;
using wireseam::test::kPointer;

namespace {

std::string_view text(const Blob& blob) {
  return {reinterpret_cast<const char*>(blob.bytes.data()), blob.bytes.size()};
}

}  // namespace

TEST_CASE("a blob is found by its parameter, part and index") {
  EventBuilder builder("sendmmsg");
  builder.part(1, BlobPart::Buffer, "first", 0).part(1, BlobPart::Buffer, "second", 1);
  const auto& call = std::get<CallEvent>(builder.event().what);

  REQUIRE(call.blobs.find(1, BlobPart::Buffer, 1).has_value());
  CHECK(text(*call.blobs.find(1, BlobPart::Buffer, 1)) == "second");
  CHECK_FALSE(call.blobs.find(1, BlobPart::Buffer, 2).has_value());
  CHECK_FALSE(call.blobs.find(1, BlobPart::Name, 0).has_value());
}

TEST_CASE("a blob that could not be read has no bytes and says so") {
  EventBuilder builder("connect");
  builder.arguments({3, kPointer, 16}).unreadable(1);
  const auto& call = std::get<CallEvent>(builder.event().what);

  REQUIRE(call.blobs.find(1).has_value());
  CHECK_FALSE(call.blobs.find(1)->readable());
}

TEST_CASE("blobs whose bytes are cut off end where the bytes end") {
  EventBuilder builder("send");
  builder.value(1, "hello");
  const auto bytes = std::get<CallEvent>(builder.event().what).blobs.bytes();

  CHECK(text(*Blobs(bytes.first(sizeof(BlobHeader) + 2)).find(1)) == "he");
  CHECK_FALSE(Blobs(bytes.first(sizeof(BlobHeader) - 1)).find(1).has_value());
}
