// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/connection.h"

namespace wireseam {

const Losses& OptionalLosses::operator*() const {
  static const Losses none;
  return losses_ ? *losses_ : none;
}

Losses& OptionalLosses::change() {
  if (!losses_) losses_ = std::make_unique<Losses>();
  return *losses_;
}

}  // namespace wireseam
