// SPDX-License-Identifier: Apache-2.0
// One call's effect on the descriptors of its process and on the sockets behind them.
#pragma once

#include <memory>

#include "tracer/trace/descriptors.h"
#include "tracer/trace/event.h"
#include "tracer/trace/socket.h"
#include "tracer/trace/socket_registry.h"

namespace wireseam {

// Enters it into both and says what the call was about. A call that has not returned is only looked
// at. `began_with` is what its first descriptor named when it began, where that is known to be
// another socket than now.
CallSockets apply_call(const CallEvent& call, Descriptors& descriptors, SocketRegistry& registry,
                       const std::shared_ptr<Socket>& began_with);

}  // namespace wireseam
