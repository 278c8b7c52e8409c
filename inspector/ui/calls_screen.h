// SPDX-License-Identifier: Apache-2.0
// The program's calls; packets alone have none.
#pragma once

#include "inspector/ui/paper_screen.h"

namespace wireseam {

class CallsScreen final : public PaperScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;

 protected:
  Paper paper(const Session& session, const Focus& focus) const override;
};

}  // namespace wireseam
