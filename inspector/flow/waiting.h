// SPDX-License-Identifier: Apache-2.0
// What a connection waits for before it ends.
#pragma once

#include <cstdint>

#include "inspector/flow/connection.h"

namespace wireseam {

// Which list a connection waits in for its end. Where there are too many, the first lists go first:
// what only asked, as a flood of SYNs does, before those that talk.
enum class Waiting : uint8_t { Over, OverAndResent, Unanswered, Datagrams, Open };

Waiting waiting_of(const Connection& connection);

}  // namespace wireseam
