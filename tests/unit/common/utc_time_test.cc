// SPDX-License-Identifier: Apache-2.0
#include "common/utc_time.h"

#include "tests/unit/catch2.h"

using wireseam::UtcTime;

TEST_CASE("a time is written in UTC with nine digits of a second") {
  UtcTime time;
  std::string text;
  time.append(text, 1'714'979'289'000'000'120);
  text += ' ';
  time.append(text, 1'714'979'289'999'999'999);
  text += ' ';
  time.append(text, 0);
  CHECK(text ==
        "2024-05-06T07:08:09.000000120Z 2024-05-06T07:08:09.999999999Z "
        "1970-01-01T00:00:00.000000000Z");
}
