// SPDX-License-Identifier: Apache-2.0
// What a new program needs in its environment to be traced too: LD_PRELOAD and the region's name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wireseam {

struct Variables {
  uint32_t count;
  bool whole;  // false: the list could not be read to its end
};
// How many variables an environment has, those before one that can't be read.
Variables count_variables(char* const* environment);

// The environment for a new program: with both variables put back where they are missing; without
// the shim where `program`'s loader can't take it (can_preload, which says what `program` may be);
// the program's own one where nothing is to be changed or it can't be read. The user's own
// LD_PRELOAD is kept, behind ours.
//
// Where it is changed the list stands in pages of its own, since there may be little stack, and
// neither a vfork's child nor a signal handler may allocate. They are given back when exec has
// failed, or by the parent of a vfork's child.
class TracedEnvironment {
 public:
  TracedEnvironment(const char* program, char* const* environment);
  ~TracedEnvironment();
  TracedEnvironment(const TracedEnvironment&) = delete;
  TracedEnvironment& operator=(const TracedEnvironment&) = delete;

  char* const* list() const { return environment_; }

  // It stays for ever.
  void keep();

  // Makes the call with it, and with the program's own where only ours is too large.
  template <typename Call, typename IsTooLarge>
  auto use(Call call, IsTooLarge is_too_large) const {
    const auto result = call(environment_);
    return environment_ != own_ && is_too_large(result) ? call(own_) : result;
  }

 private:
  char* const* own_;
  char* const* environment_;
};

// Gives back the pages that this thread's memory still has of an exec in another process.
void release_environment();

}  // namespace wireseam
