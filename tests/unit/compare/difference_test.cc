// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/difference.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

TEST_CASE("arguments are the same as far as both sides tell them") {
  CHECK(same_arguments("recv(3, \"abc\", 9, 0) = 3", "recv(3, \"abc\", 9, 0) = 3"));
  CHECK(same_arguments("recv(3, 0x7ffd1230, 9, 0) = 3", "recv(3, \"abc\", 9, 0) = 3"));
  CHECK(same_arguments("send(3, \"ab\"..., 9, 0) = 9", "send(3, \"abcdefghi\", 9, 0) = 9"));
  CHECK(same_arguments("f(3, SO_RCVTIMEO) = 0", "f(3, SO_RCVTIMEO_OLD) = 0"));
  CHECK(same_arguments("f(0x10) = 0", "f(16) = 0"));
}

TEST_CASE("arguments that differ are told apart") {
  CHECK_FALSE(same_arguments("send(3, \"abc\", 3, 0) = 3", "send(3, \"abd\", 3, 0) = 3"));
  CHECK_FALSE(same_arguments("send(3, \"ab\"..., 9, 0) = 9", "send(3, \"xbcdefghi\", 9, 0) = 9"));
  CHECK_FALSE(same_arguments("close(3) = 0", "close(4) = 0"));
  CHECK_FALSE(same_arguments("f({a=1, b=2}) = 0", "f({a=1, b=3}) = 0"));
  CHECK_FALSE(same_arguments("f([1, 2]) = 0", "f([1]) = 0"));
  CHECK_FALSE(same_arguments("f(1) = 0", "f(1, 2) = 0"));
}
