// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/filter.h"

#include <pcap/pcap.h>

#include "common/error.h"
#include "inspector/capture/pcap_handle.h"
#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

PcapHandle ethernet_handle() { return PcapHandle(pcap_open_dead(DLT_EN10MB, 262144)); }

// The word that the caret points to, or how it is where there is none.
std::string marked(const std::string& filter) {
  const PcapHandle handle = ethernet_handle();
  try {
    const CaptureFilter compiled(handle.get(), filter);
    return "(good)";
  } catch (const Error& error) {
    const std::string message = error.what();
    const size_t caret = message.rfind('^') - (message.rfind('\n') + 3);
    if (caret >= filter.size()) return "(end)";
    return filter.substr(caret, filter.find(' ', caret) - caret);
  }
}

}  // namespace

TEST_CASE("a filter that is one compiles") {
  CHECK(marked("tcp port 80 and host 10.0.0.1") == "(good)");
  CHECK(marked("tcp[13] & 2 != 0 or (udp and not port 53)") == "(good)");
}

TEST_CASE("an error in a filter shows its place") {
  CHECK(marked("tcp port 80 adn host 1.2.3.4") == "adn");
  CHECK(marked("tcp prot 80") == "prot");
  CHECK(marked("host and port 80") == "and");
  CHECK(marked("tcp and (udp or or port 3)") == "or");
  CHECK(marked("ether host 1.2.3.4") == "1.2.3.4");
  CHECK(marked("tcp and udp and port 5") == "udp");
  CHECK(marked("port 99999") == "99999");
  CHECK(marked("udp port nosuchservice") == "nosuchservice");
}

TEST_CASE("a filter that breaks off shows its end") {
  CHECK(marked("tcp port") == "(end)");
  CHECK(marked("tcp and") == "(end)");
  CHECK(marked("(tcp or udp") == "(end)");
}

TEST_CASE("the message has the filter and libpcap's reason") {
  const PcapHandle handle = ethernet_handle();
  CHECK_THROWS_WITH(CaptureFilter(handle.get(), "tcp prot 80"),
                    "bad capture filter: syntax error\n  tcp prot 80\n      ^");
}
