// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/program_environment.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

TEST_CASE("a variable is set in its place, or behind all others") {
  ProgramEnvironment environment{"A=1", "AB=2", "B=3"};
  change_variable(environment, "A=x=y");
  change_variable(environment, "C=");
  CHECK(environment == ProgramEnvironment{"A=x=y", "AB=2", "B=3", "C="});
}

TEST_CASE("a variable without a value is removed, and no other") {
  ProgramEnvironment environment{"A=1", "AB=2", "A=3"};
  change_variable(environment, "A");
  change_variable(environment, "X");
  CHECK(environment == ProgramEnvironment{"AB=2"});
}

TEST_CASE("the shim comes before what the user preloads") {
  ProgramEnvironment environment{"LD_PRELOAD=/lib/theirs.so:other.so", "HOME=/"};
  add_tracing(environment, "/lib/shim.so", "/proc/1/fd/3");
  CHECK(find_variable(environment, "LD_PRELOAD") == "/lib/shim.so:/lib/theirs.so:other.so");
  CHECK(find_variable(environment, "WIRESEAM_REGION") == "/proc/1/fd/3");
  CHECK(find_variable(environment, "HOME") == "/");
}

TEST_CASE("an empty variable of the user adds no empty element") {
  ProgramEnvironment environment{"LD_PRELOAD=", "ASAN_OPTIONS="};
  add_tracing(environment, "/lib/shim.so", "/proc/1/fd/3");
  CHECK(find_variable(environment, "LD_PRELOAD") == "/lib/shim.so");
  CHECK(find_variable(environment, "ASAN_OPTIONS") == "verify_asan_link_order=0");
}

TEST_CASE("AddressSanitizer lets the shim come first, whatever else it is told") {
  ProgramEnvironment environment{"ASAN_OPTIONS=detect_leaks=0"};
  add_tracing(environment, "/lib/shim.so", "/proc/1/fd/3");
  CHECK(find_variable(environment, "ASAN_OPTIONS") == "detect_leaks=0:verify_asan_link_order=0");
}
