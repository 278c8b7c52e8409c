// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/chunk_queue.h"

#include <string>
#include <thread>

#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace std::chrono_literals;

namespace {

void produce(ChunkQueue& queue, uint64_t chunks) {
  const std::string bytes = "packet";
  for (uint64_t i = 0; i < chunks; ++i) {
    auto chunk = queue.take_empty();
    if (!chunk) return;
    chunk->add(i, 100, std::as_bytes(std::span(bytes)));
    queue.hand_over(std::move(chunk));
  }
  queue.finish();
}

}  // namespace

TEST_CASE("chunks arrive in their order, however few there are") {
  ChunkQueue queue(2);
  std::thread producer([&] { produce(queue, 1000); });
  uint64_t expected = 0;
  while (!queue.finished()) {
    auto chunk = queue.receive(1000ms);
    if (!chunk) continue;
    REQUIRE(chunk->entries().size() == 1);
    CHECK(chunk->entries()[0].time_ns == expected++);
    CHECK(chunk->bytes(chunk->entries()[0]).size() == 6);
    queue.give_back(std::move(chunk));
  }
  producer.join();
  CHECK(expected == 1000);
}

TEST_CASE("a producer that waits for a chunk ends when the queue is closed") {
  ChunkQueue queue(1);
  std::thread producer([&] { produce(queue, 10); });
  queue.close();
  producer.join();
  CHECK_FALSE(queue.finished());
}

TEST_CASE("nothing is received where nothing came") {
  ChunkQueue queue(1);
  CHECK(queue.receive(0ms) == nullptr);
  queue.finish();
  CHECK(queue.receive(1000ms) == nullptr);
  CHECK(queue.finished());
}

TEST_CASE("a packet larger than a chunk has one for itself") {
  Chunk chunk;
  const std::vector<std::byte> large(size_t{2} << 20);
  CHECK(chunk.has_room(large.size()));
  chunk.add(1, 1, large);
  CHECK_FALSE(chunk.has_room(1));
  CHECK(chunk.bytes(chunk.entries()[0]).size() == large.size());
}
