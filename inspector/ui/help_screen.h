// SPDX-License-Identifier: Apache-2.0
// The table of actions, and what is to be known besides.
#pragma once

#include "inspector/ui/paper_screen.h"

namespace wireseam {

class HelpScreen final : public PaperScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;

 protected:
  Paper paper(const Session& session, const Focus& focus) const override;
};

}  // namespace wireseam
