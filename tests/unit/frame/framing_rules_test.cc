// SPDX-License-Identifier: Apache-2.0
#include "inspector/frame/framing_rules.h"

#include "common/error.h"
#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

std::string error_of(std::initializer_list<const char*> texts) {
  FramingRules rules;
  try {
    for (const char* text : texts) rules.add(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a framing is chosen by the server's port, the client's port, or for all") {
  FramingRules rules;
  for (const char* text : {"line", "9000=lf:width=2,offset=1", "443=tls", "7=auto"})
    rules.add(text);
  CHECK(rules.find(50000, 443)->framing.name == "tls");
  CHECK(rules.find(443, 50000)->framing.name == "tls");
  CHECK(rules.find(443, 9000)->framing.name == "lf");
  CHECK(rules.find(50000, 80)->framing.name == "line");
  CHECK(rules.find(50000, 7) == nullptr);
}

TEST_CASE("where nothing is said the framing is to be detected") {
  FramingRules rules;
  CHECK(rules.find(50000, 443) == nullptr);
  rules.add("443=tls");
  CHECK(rules.find(50000, 80) == nullptr);
}

TEST_CASE("a framing may be for one direction alone") {
  FramingRules rules;
  for (const char* text : {"json-header:to-client", "9000=lf:width=4:to-server", "80=tls"})
    rules.add(text);
  CHECK(rules.find(50000, 443)->framing.name == "json-header");
  CHECK(rules.find(50000, 443)->framed == std::array{false, true});
  CHECK(rules.find(50000, 9000)->framing.name == "lf");
  CHECK(rules.find(50000, 9000)->framed == std::array{true, false});
  CHECK(rules.find(50000, 80)->framed == std::array{true, true});
}

TEST_CASE("what is wrong with a rule is named") {
  CHECK(error_of({"70000=tls"}) ==
        "framing '70000=tls': '70000' is no port: a number from 1 to 65535");
  CHECK(error_of({"0=tls"}) == "framing '0=tls': '0' is no port: a number from 1 to 65535");
  CHECK(error_of({"443"}) == "framing '443': a port is followed by '=' and a framing");
  CHECK(error_of({"443=tls", "443=line"}) ==
        "framing '443=line': there is a framing for port 443 already");
  CHECK(error_of({"tls", "auto"}) == "framing 'auto': there is a framing for all ports already");
  CHECK(error_of({"443=nonsense"}).starts_with("framing 'nonsense': there is no 'nonsense'"));
  CHECK(error_of({"auto:to-client"}).starts_with("framing 'auto': there is no 'auto'"));
  CHECK(error_of({""}).starts_with("framing '': there is no ''"));
}
