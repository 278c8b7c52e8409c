// SPDX-License-Identifier: Apache-2.0
// system(3) and popen(3) execute a shell inside libc, in the environment as it is. Where that has
// lost what tracing needs (clearenv(3)) it is there for the time of the call alone, if no other
// thread can look at it meanwhile. If one can, the call is recorded as one that leads out of sight.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/shim/capture.h"
#include "tracer/shim/environment.h"
#include "tracer/shim/hook.h"
#include "tracer/shim/own_memory.h"
#include "tracer/shim/real.h"

using namespace wireseam;

namespace {

constexpr char kShell[] = "/bin/sh";

template <typename Call>
auto lend_environment(TracedEnvironment& traced, Call call) {
  char** const own = environ;
  char** const lent = const_cast<char**>(traced.list());
  environ = lent;
  const auto result = call();
  if (environ == lent)
    environ = own;
  else
    traced.keep();  // a handler has made a new list, of our variables too
  return result;
}

template <typename Call>
auto run_command(CallNumber number, const void* caller, const Words& words, Call call) {
  TracedEnvironment traced(kShell, environ);
  if (traced.list() == environ) return call();
  if (!may_have_threads()) return lend_environment(traced, call);
  OpenCall open(number, kFlagOutOfSight, caller, words);
  if (open) capture_string(open, words, 0);
  const auto result = call();
  const auto word = static_cast<int64_t>(to_word(result));
  if (open && open.returned(word, word == -1 ? errno : 0)) open.commit();
  return result;
}

}  // namespace

extern "C" int hook_system(const char* command) __asm__("system");
WIRESEAM_EXPORT int hook_system(const char* command) {
  if (command == nullptr) return real.system(command);
  return run_command(CallNumber::system, WIRESEAM_CALLER, {to_word(command)},
                     [=] { return real.system(command); });
}

extern "C" FILE* hook_popen(const char* command, const char* type) __asm__("popen");
WIRESEAM_EXPORT FILE* hook_popen(const char* command, const char* type) {
  return run_command(CallNumber::popen, WIRESEAM_CALLER, {to_word(command), to_word(type)},
                     [=] { return real.popen(command, type); });
}
