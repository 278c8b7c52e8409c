// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/display_filter.h"

#include "common/error.h"
#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

ConnectionRecord connection() {
  ConnectionRecord record;
  record.id = 7;
  record.key.transport = Transport::Tcp;
  record.key.version = IpVersion::V4;
  record.key.port_a = 40000;
  record.key.port_b = 8080;
  record.state = "closed";
  record.halves[0].frames = 3;
  record.halves[1].frames = 2;
  record.rtt_ns = 1'500'000;
  return record;
}

bool selects(std::string_view filter) {
  const ConnectionRecord record = connection();
  return DisplayFilter(filter).selects({.connection = &record});
}

std::string complaint(std::string_view filter) {
  try {
    const DisplayFilter parsed(filter);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a filter compares what a connection has") {
  CHECK(selects("port 8080"));
  CHECK(!selects("port 80"));
  CHECK(selects("frames = 5"));
  CHECK(selects("frames>=5"));
  CHECK(!selects("frames != 5"));
  CHECK(selects("rtt > 1.2"));
  CHECK(selects("host 0.0.0.0"));
  CHECK(selects("state closed"));
  CHECK(!selects("problem"));
}

TEST_CASE("and binds more than or, and parentheses more than both") {
  CHECK(selects("tcp or udp and frames > 100"));
  CHECK(!selects("(tcp or udp) and frames > 100"));
  CHECK(selects("not udp and not (frames < 5)"));
}

TEST_CASE("of what has no such property a comparison is false") {
  CHECK(!selects("length > 0"));
  CHECK(!selects("length = 0"));
}

TEST_CASE("an empty filter selects everything") {
  CHECK(selects(" "));
  CHECK(DisplayFilter(" ").empty());
}

TEST_CASE("a filter that is wrong says where") {
  CHECK(complaint("port") == "filter: something is missing behind 'port'");
  CHECK(complaint("colour > 3").find("'colour' is nothing to filter by") != std::string::npos);
  CHECK(complaint("frames 3") == "filter: behind 'frames' comes <, > or =");
  CHECK(complaint("(tcp") == "filter: a ')' is missing");
  CHECK(complaint("tcp udp") == "filter: 'and' or 'or' is needed before 'udp'");
  CHECK(complaint(std::string(1000, '(')) == "filter: too many parentheses");
}
