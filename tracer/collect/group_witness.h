// SPDX-License-Identifier: Apache-2.0
// Tells whether a signal was sent to our whole process group or to us alone, which the kernel does
// not say: a process that sits in the group and does nothing but notice what it gets, too. What the
// group got has reached the program; to pass it on as well would give it to the program twice, and
// the second SIGTERM often means "at once".
#pragma once

#include <sys/types.h>

#include "common/fd.h"

namespace wireseam {

class GroupWitness {
 public:
  // Forks; without a process or a socket for it nothing was ever seen. There must be no other
  // thread.
  GroupWitness();

  // Ends it.
  ~GroupWitness();
  GroupWitness(const GroupWitness&) = delete;
  GroupWitness& operator=(const GroupWitness&) = delete;

  // Whether it got that signal since it was asked last. The kernel comes to one member of the group
  // after the other: ask some milliseconds later.
  bool saw(int signal_number);

 private:
  pid_t pid_ = -1;
  Fd socket_;
};

}  // namespace wireseam
