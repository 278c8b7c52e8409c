// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/constants.h"

#include <set>
#include <string>
#include <vector>

#include "tests/unit/catch2.h"

using namespace wireseam;

std::vector<std::string> constants_unlike_headers();  // generated from constants.def

TEST_CASE("a constant is found by its number in its group") {
  CHECK(constant_name(ConstantGroup::AddressFamily, 2) == "AF_INET");
  CHECK(constant_name(ConstantGroup::Errno, 115) == "EINPROGRESS");
  CHECK(constant_name(ConstantGroup::AddrinfoError, static_cast<uint64_t>(-3)) == "EAI_AGAIN");
  CHECK(constant_name(ConstantGroup::TcpOption, 46) == "TCP_DELACK_MAX_US");
}

TEST_CASE("a number without a name has an empty one, and the group says how it is called") {
  CHECK(constant_name(ConstantGroup::AddressFamily, 99).empty());
  CHECK(unknown_name(ConstantGroup::AddressFamily) == "AF_???");
}

TEST_CASE("the names of options follow from the level") {
  REQUIRE(option_group(6).has_value());
  CHECK(constant_name(*option_group(6), 1) == "TCP_NODELAY");
  CHECK_FALSE(option_group(262).has_value());
  CHECK_FALSE(option_group(9999).has_value());
}

TEST_CASE("every group has rows, and no number twice") {
  const auto check = [](ConstantGroup group) {
    CHECK_FALSE(constants(group).empty());
    std::set<uint64_t> seen;
    for (const Constant& constant : constants(group)) {
      INFO(constant.name);
      CHECK(seen.insert(constant.value).second);
    }
  };
#define GROUP(group, unknown) check(ConstantGroup::group);
#include "tracer/trace/constants.def"
}

TEST_CASE("the numbers are those of the machine's headers") {
  CHECK(constants_unlike_headers() == std::vector<std::string>{});
}
