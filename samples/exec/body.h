// SPDX-License-Identifier: Apache-2.0
// A message's body on its way to where it is used, checked against the MD5 in its header.
#pragma once

#include <functional>
#include <string_view>

#include "samples/exec/frame_receiver.h"

namespace wireseam::samples {

// What is done with each piece of a body.
using UsePiece = std::function<void(std::string_view)>;

enum class BodyCheck { Right, Wrong, NotChecked };

// Takes the body of the message that HEADER stands before, piece by piece, and compares.
BodyCheck receive_body(FrameReceiver& frames, const JsonHeader& header, const UsePiece& use);

}  // namespace wireseam::samples
