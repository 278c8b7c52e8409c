// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/local_interfaces.h"

#include <net/if.h>

#include <memory>

namespace wireseam {

std::map<uint32_t, std::string> local_interfaces() {
  std::map<uint32_t, std::string> names;
  const std::unique_ptr<struct if_nameindex[], void (*)(struct if_nameindex*)> all(
      ::if_nameindex(), if_freenameindex);
  for (size_t i = 0; all && all[i].if_index != 0; ++i) names[all[i].if_index] = all[i].if_name;
  return names;
}

}  // namespace wireseam
