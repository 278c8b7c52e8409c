// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/interfaces.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

#include "common/fd.h"

namespace wireseam {

std::vector<std::string> interface_names() {
  std::vector<std::string> names;
  const std::unique_ptr<struct if_nameindex, void (*)(struct if_nameindex*)> all(if_nameindex(),
                                                                                 if_freenameindex);
  for (const auto* each = all.get(); each != nullptr && each->if_index != 0; ++each)
    names.emplace_back(each->if_name);
  names.emplace_back("any");
  return names;
}

bool is_loopback(const std::string& interface) {
  ifreq request{};
  if (interface.size() >= sizeof request.ifr_name) return false;
  std::memcpy(request.ifr_name, interface.data(), interface.size());
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return ioctl(socket.get(), SIOCGIFFLAGS, &request) == 0 &&
         (request.ifr_flags & IFF_LOOPBACK) != 0;
}

}  // namespace wireseam
