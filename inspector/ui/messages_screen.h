// SPDX-License-Identifier: Apache-2.0
// What there was to be said of the capture.
#pragma once

#include "inspector/ui/paper_screen.h"

namespace wireseam {

class MessagesScreen final : public PaperScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;

 protected:
  Paper paper(const Session& session, const Focus& focus) const override;
};

}  // namespace wireseam
