// SPDX-License-Identifier: Apache-2.0
// Finding text in lines.
#pragma once

#include <string>
#include <string_view>

#include "inspector/ui/line.h"

namespace wireseam {

// The text of a line as it is shown, escapes included: so it is searched and copied.
std::string text_of(const Line& line);

// Capital or small.
bool contains_text(std::string_view text, std::string_view part);

// Marks each place where it stands in these rows of a canvas.
void mark_text(Canvas& canvas, const Rect& where, std::string_view part);

}  // namespace wireseam
