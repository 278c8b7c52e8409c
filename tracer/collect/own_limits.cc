// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/own_limits.h"

#include <sys/resource.h>

#include <csignal>

namespace wireseam {
namespace {

// The region is memory and yet a file; each process that is followed takes a descriptor.
constexpr __rlimit_resource kLifted[] = {RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE,
                                         RLIMIT_NOFILE};

void lift(__rlimit_resource resource) {
  rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
  if (setrlimit(resource, &limit) == 0) return;  // root may
  getrlimit(resource, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(resource, &limit);
}

}  // namespace

void lift_own_limits() {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  for (const auto resource : kLifted) lift(resource);
}

}  // namespace wireseam
