// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/interfaces.h"

#include <net/if.h>

#include <memory>

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

}  // namespace wireseam
