// SPDX-License-Identifier: Apache-2.0
// A frame at length: where it lies, its JSON header as a tree, its bytes.
#pragma once

#include "inspector/session/session.h"
#include "inspector/ui/line.h"

namespace wireseam {

// The session must outlive the paper's use.
Paper frame_paper(const Session& session, const FrameRecord& frame);

}  // namespace wireseam
