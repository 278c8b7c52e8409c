// SPDX-License-Identifier: Apache-2.0
// Why a system call has no libc call, or a libc call no system call, as far as the traces tell it.
// Nothing is explained away: what has no reason of its own is unexplained.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "tracer/compare/comparison.h"
#include "tracer/compare/difference.h"
#include "tracer/compare/pairing.h"

namespace wireseam {

// What is known of the whole run.
struct RunFacts {
  std::map<uint32_t, std::string> out_of_sight;  // by the kernel's process index: why
  std::set<uint32_t> spawned;                    // process indexes of children of libc's own making
  std::map<uint32_t, std::set<int>> streams;     // by pid: descriptors that a FILE* was made of
};

class Explanation {
 public:
  // All must outlive this.
  Explanation(const ThreadComparison& thread, const Pairing& pairing, const RunFacts& facts,
              const ComparisonSources& sources);

  Difference of_syscall(size_t syscall);
  Difference of_libc(size_t libc) const;

 private:
  std::string purpose_of(size_t syscall);
  std::string purpose_of_socket(size_t syscall) const;
  Difference by_origin(const ComparedCall& call) const;
  bool is_of_stream(const ComparedCall& call) const;

  const ThreadComparison& thread_;
  const Pairing& pairing_;
  const RunFacts& facts_;
  const ComparisonSources& sources_;
  std::map<int, std::string> purposes_;  // of sockets that libc has made for itself
};

}  // namespace wireseam
