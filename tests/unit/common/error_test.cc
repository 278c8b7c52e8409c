// SPDX-License-Identifier: Apache-2.0
#include "common/error.h"

#include <cerrno>
#include <string>

#include "tests/unit/catch2.h"

using wireseam::Error;

TEST_CASE("an error names what was tried, on what, and the errno text") {
  const Error error("cannot open trace", "x", ENOENT);
  CHECK(std::string(error.what()) == "cannot open trace 'x': No such file or directory");
  CHECK(error.errnum() == ENOENT);
}

TEST_CASE("an error may bring its cure") {
  CHECK(Error("no room").with_cure("free some").cure() == "free some");
}
