// SPDX-License-Identifier: Apache-2.0
// What calls of getsockopt(2) and setsockopt(2) are about, and say of their socket.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/trace/constants.h"
#include "tracer/trace/event.h"
#include "tracer/trace/socket.h"

namespace wireseam {

enum class OptionUse : uint8_t { Both, Get, Set };

OptionUse option_use(const CallEvent& call);

// The names of the call's option; no value for a level that has no table. Some options have another
// name where they are read than where they are set: SO_GET_FILTER is SO_ATTACH_FILTER.
std::optional<ConstantGroup> option_group(const CallEvent& call);

// The call has succeeded.
void note_option(const CallEvent& call, SocketOptions& options);

}  // namespace wireseam
