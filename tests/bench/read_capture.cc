// SPDX-License-Identifier: Apache-2.0
// Reads a capture file with libpcap and does nothing with it: what scripts/bench compares with.
//
//   read_capture FILE
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: read_capture FILE\n");
    return 2;
  }
  char why[PCAP_ERRBUF_SIZE];
  pcap_t* capture = pcap_open_offline(argv[1], why);
  if (capture == nullptr) {
    std::fprintf(stderr, "read_capture: %s\n", why);
    return 1;
  }
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  uint64_t packets = 0;
  while (pcap_next_ex(capture, &header, &bytes) == 1) ++packets;
  pcap_close(capture);
  std::printf("%llu packets\n", static_cast<unsigned long long>(packets));
}
