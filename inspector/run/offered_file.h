// SPDX-License-Identifier: Apache-2.0
// Where somebody at a terminal has no right to capture, a file is offered instead.
#pragma once

#include <functional>
#include <string>

#include "inspector/run/opened_source.h"

namespace wireseam {

// As open_source(); who may not capture, and sits at a terminal, is told so and asked for a file,
// which then is what `request` asks for. `note` is told what a recording lacks.
OpenedSource open_source_or_file(InspectRequest& request,
                                 const std::function<void(const std::string&)>& note,
                                 const std::function<void(const std::string&)>& warn);

}  // namespace wireseam
