// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/host_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <span>

namespace wireseam {
namespace {

void add(std::vector<SocketEnd>& ends, const sockaddr* address) {
  if (address == nullptr) return;
  const size_t size = address->sa_family == AF_INET    ? sizeof(sockaddr_in)
                      : address->sa_family == AF_INET6 ? sizeof(sockaddr_in6)
                                                       : sizeof(sockaddr);
  const auto end = socket_end({reinterpret_cast<const std::byte*>(address), size});
  if (end) ends.push_back(*end);
}

}  // namespace

std::vector<SocketEnd> host_addresses() {
  std::vector<SocketEnd> ends;
  ifaddrs* interfaces = nullptr;
  if (getifaddrs(&interfaces) != 0) return ends;
  for (const ifaddrs* each = interfaces; each != nullptr; each = each->ifa_next) {
    add(ends, each->ifa_addr);
    if ((each->ifa_flags & IFF_BROADCAST) != 0) add(ends, each->ifa_broadaddr);
  }
  freeifaddrs(interfaces);
  return ends;
}

}  // namespace wireseam
