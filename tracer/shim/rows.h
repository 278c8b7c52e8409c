// SPDX-License-Identifier: Apache-2.0
// The rows of calls.def as types: Hook_send, Hook_recvmsg, ...
#pragma once

#include "tracer/shim/hook.h"

namespace wireseam::rows {

using enum ParameterKind;

#define KINDS(...) __VA_OPT__(, ) __VA_ARGS__
#define CALL(number, name, syscall, tail, traced, result, type, parameters, names, kinds) \
  using Hook_##name = Hook<CallNumber::name, Traced::traced, ResultKind::result KINDS kinds>;
#define SPECIAL CALL
#include "tracer/trace/calls.def"
#undef KINDS

}  // namespace wireseam::rows
