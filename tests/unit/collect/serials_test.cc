// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/serials.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

constexpr ThreadIds kGone{0x7ffffffe, 0x7fffffff};

}  // namespace

TEST_CASE("the calls of each thread are numbered for themselves") {
  Serials serials;
  CHECK(serials.next(kGone, 1) == 1);
  CHECK(serials.next(kGone, 2) == 1);
  CHECK(serials.next(kGone, 1) == 2);
}

TEST_CASE("threads that are gone take no memory for long") {
  const ThreadIds self{static_cast<uint32_t>(getpid()), static_cast<uint32_t>(gettid())};
  Serials serials;
  CHECK(serials.next(self, 1) == 1);
  CHECK(serials.next(kGone, 2) == 1);
  for (uint32_t thread = 3; !serials.is_full(); ++thread) serials.next(kGone, thread);
  serials.forget_gone({2});
  CHECK(serials.size() == 2);
  CHECK_FALSE(serials.is_full());
  CHECK(serials.next(self, 1) == 2);
  CHECK(serials.next(kGone, 2) == 2);
}
