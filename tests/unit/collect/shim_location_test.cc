// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/shim_location.h"

#include <algorithm>

#include "tests/unit/catch2.h"

using namespace wireseam;

TEST_CASE("the shim is looked for beside the program, in the build and installed") {
  const auto candidates = shim_candidates("/opt/w/bin");
  CHECK(candidates.front() == "/opt/w/bin/../lib/libwireseam-shim.so");
  CHECK(std::ranges::count(candidates, "/opt/w/bin/../lib/wireseam/libwireseam-shim.so") > 0);
  for (const std::string& candidate : candidates) CHECK(candidate.starts_with("/opt/w/bin/"));
}

TEST_CASE("LD_PRELOAD can't take a path that it would split or expand") {
  CHECK(fits_in_preload("/usr/lib/wireseam/libwireseam-shim.so"));
  CHECK_FALSE(fits_in_preload("/home/me/my programs/shim.so"));
  CHECK_FALSE(fits_in_preload("/srv/a:b/shim.so"));
  CHECK_FALSE(fits_in_preload("/srv/$ORIGIN/shim.so"));
}
