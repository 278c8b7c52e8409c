// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/shared_session.h"

#include <atomic>
#include <string>
#include <thread>

#include "tests/unit/catch2.h"

using namespace wireseam;

TEST_CASE("whoever looks gets a turn between two changes, also in a flood of them") {
  SharedSession shared(size_t{1} << 20);
  std::atomic<bool> stop = false;
  std::thread filling([&] {
    while (!stop)
      shared.fill([](Session& session) {
        session.message("one half");
        session.message("the other");
      });
  });
  uint64_t last = 0;
  for (int look = 0; look < 200; ++look) {
    const uint64_t version = shared.look([](const Session& session) { return session.version(); });
    CHECK(version % 2 == 0);
    CHECK(version >= last);
    last = version;
  }
  stop = true;
  filling.join();
}
