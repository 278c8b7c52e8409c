// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tracer/compare/explanation.h"
#include "tracer/compare/pairing.h"

namespace wireseam {
namespace {

constexpr uint64_t kNsPerMillisecond = 1'000'000;
constexpr uint64_t kSameRunNs = uint64_t{3'600} * 1'000 * kNsPerMillisecond;

const ComparedCall* first_call(const Transcript& transcript) {
  for (const ComparedThread& thread : transcript.threads)
    if (!thread.calls.empty()) return &thread.calls.front();
  return nullptr;
}

// A log of -t has whole seconds, one without times nothing that is true.
bool has_fine_times(const Transcript& transcript) {
  return std::ranges::any_of(transcript.threads, [](const ComparedThread& thread) {
    return std::ranges::any_of(thread.calls, [](const ComparedCall& call) {
      return call.start_ns % kNsPerMillisecond != 0;
    });
  });
}

Times times_of(const Transcript& libc, const Transcript& kernel) {
  const ComparedCall* one = first_call(libc);
  const ComparedCall* other = first_call(kernel);
  if (one == nullptr || other == nullptr || !has_fine_times(kernel)) return Times::Unusable;
  const auto [early, late] = std::minmax(one->start_ns, other->start_ns);
  return late - early < kSameRunNs ? Times::OneClock : Times::Unusable;
}

// Where strace was started by the tracer, the shim was in it, too.
void leave_out_strace(Transcript& libc) {
  std::set<uint32_t> straces;
  for (const ComparedProgram& program : libc.programs)
    if (program.name == "strace") straces.insert(program.process);
  for (ComparedThread& thread : libc.threads)
    std::erase_if(thread.calls,
                  [&](const ComparedCall& call) { return straces.contains(call.process); });
  std::erase_if(libc.threads, [](const ComparedThread& thread) { return thread.calls.empty(); });
}

// A log without -f names no thread, and one of another run has other numbers: then the order in
// which the threads came up says which is which.
void agree_on_threads(const Transcript& libc, Transcript& kernel) {
  std::set<uint32_t> known;
  for (const ComparedThread& thread : libc.threads) known.insert(thread.tid);
  const auto is_known = [&](const ComparedThread& thread) { return known.contains(thread.tid); };
  if (std::ranges::any_of(kernel.threads, is_known)) return;
  for (size_t i = 0; i < std::min(libc.threads.size(), kernel.threads.size()); ++i)
    kernel.threads[i].tid = libc.threads[i].tid;
}

// The programs of the log that the shim has not told of, by process index.
std::set<uint32_t> unknown_programs(const Transcript& libc, const Transcript& kernel) {
  std::multiset<std::pair<uint32_t, std::string>> known;
  std::set<uint32_t> pids;
  for (const ComparedProgram& program : libc.programs) {
    known.emplace(program.pid, program.name);
    pids.insert(program.pid);
  }
  std::set<uint32_t> unknown;
  for (const ComparedProgram& program : kernel.programs) {
    const auto found = known.find({program.pid, program.name});
    // What a fork makes goes on as what it was.
    const bool is_fork = program.cause != ProcessCause::Exec && pids.contains(program.pid);
    if (found == known.end() && !is_fork) unknown.insert(program.process);
    if (found != known.end()) known.erase(found);
  }
  return unknown;
}

// By process index: why. What such a program forks is as it is.
std::map<uint32_t, std::string> programs_out_of_sight(const Transcript& libc,
                                                      const Transcript& kernel,
                                                      const ComparisonSources& sources) {
  const std::set<uint32_t> unknown = unknown_programs(libc, kernel);
  std::map<uint32_t, std::string> out_of_sight;
  std::map<uint32_t, uint32_t> latest;  // by pid
  for (const ComparedProgram& program : kernel.programs) {
    latest[program.pid] = program.process;
    const auto parent = out_of_sight.find(latest[program.parent]);
    const bool is_fork = program.cause != ProcessCause::Exec && program.parent != 0;
    if (is_fork && parent != out_of_sight.end()) {
      out_of_sight[program.process] = parent->second;
    } else if (unknown.contains(program.process) && sources.out_of_sight) {
      if (const auto why = sources.out_of_sight(program)) out_of_sight[program.process] = *why;
    }
  }
  return out_of_sight;
}

// The children that the program has asked for.
std::set<uint32_t> own_children(const Transcript& libc) {
  std::set<uint32_t> children;
  for (const ComparedThread& thread : libc.threads)
    for (const ComparedCall& call : thread.calls)
      if (call.info->result == ResultKind::Pid) children.insert(static_cast<uint32_t>(call.result));
  for (const ComparedProgram& program : libc.programs)
    if (program.cause == ProcessCause::Fork || program.cause == ProcessCause::Vfork)
      children.insert(program.pid);
  return children;
}

RunFacts facts_of(const Transcript& libc, const Transcript& kernel,
                  const ComparisonSources& sources) {
  RunFacts facts;
  facts.out_of_sight = programs_out_of_sight(libc, kernel, sources);
  const std::set<uint32_t> children = own_children(libc);
  for (const ComparedProgram& program : kernel.programs) {
    const bool is_made =
        program.cause == ProcessCause::Fork || program.cause == ProcessCause::Vfork;
    if (is_made && !children.contains(program.pid)) facts.spawned.insert(program.process);
  }
  for (const ComparedThread& thread : libc.threads)
    for (const ComparedCall& call : thread.calls)
      if (call.info->number == CallNumber::fdopen)
        facts.streams[thread.pid].insert(static_cast<int>(call.arguments[0]));
  return facts;
}

class RowMaker {
 public:
  RowMaker(ThreadComparison& thread, Times times, const RunFacts& facts,
           const ComparisonSources& sources)
      : thread_(thread),
        times_(times),
        pairing_(thread.libc, thread.kernel, times),
        explanation_(thread, pairing_, facts, sources) {}

  // In the order of the calls of both sides.
  void make() {
    size_t next = 0;
    for (size_t libc = 0; libc < thread_.libc.calls.size(); ++libc) {
      const auto& syscalls = pairing_.syscalls_of(libc);
      if (!syscalls.empty()) add_alone(next, syscalls.front());
      if (!syscalls.empty()) next = std::max(next, syscalls.front());
      add(libc);
    }
    add_alone(next, thread_.kernel.calls.size());
  }

 private:
  void add_alone(size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      if (pairing_.libc_of(i) || pairing_.is_foreign(i)) continue;
      append({.libc = std::nullopt, .syscalls = {i}}, explanation_.of_syscall(i));
    }
  }

  void add(size_t libc) {
    const ComparedCall& call = thread_.libc.calls[libc];
    const auto& syscalls = pairing_.syscalls_of(libc);
    ComparedRow row{.libc = libc, .syscalls = syscalls};
    if (syscalls.empty()) return append(std::move(row), explanation_.of_libc(libc));
    if (pairing_.is_inside(libc)) return append(std::move(row), inside(call, syscalls.size()));
    std::vector<const ComparedCall*> made;
    for (const size_t syscall : syscalls) made.push_back(&thread_.kernel.calls[syscall]);
    append(std::move(row), difference(call, made));
  }

  static Difference inside(const ComparedCall& call, size_t count) {
    const std::string_view purpose = purpose_inside(*call.info);
    if (count == 1) return {Verdict::InsideLibc, fmt::format("inside libc: {}", purpose)};
    return {Verdict::InsideLibc, fmt::format("{} syscalls inside libc: {}", count, purpose)};
  }

  void append(ComparedRow row, Difference difference) {
    row.verdict = difference.verdict;
    row.words = std::move(difference.words);
    row.operation = operation_of(row);
    thread_.rows.push_back(std::move(row));
  }

  // The system calls lie between its marks; a call without any only in its time.
  std::optional<size_t> operation_of(const ComparedRow& row) const {
    const auto& operations = thread_.kernel.operations;
    const auto contains = [&](const Operation& operation) {
      if (!row.syscalls.empty()) {
        const uint32_t serial = thread_.kernel.calls[row.syscalls.front()].serial;
        return operation.first_serial < serial && serial < operation.last_serial;
      }
      const uint64_t start = thread_.libc.calls[*row.libc].start_ns;
      return times_ == Times::OneClock && operation.start_ns <= start && start <= operation.end_ns;
    };
    const auto found = std::ranges::find_if(operations, contains);
    if (found == operations.end()) return std::nullopt;
    return static_cast<size_t>(found - operations.begin());
  }

  ThreadComparison& thread_;
  Times times_;
  Pairing pairing_;
  Explanation explanation_;
};

// Both sides of each thread, in the order in which the threads came up.
std::vector<ThreadComparison> threads_of(Transcript& libc, Transcript& kernel) {
  std::vector<ThreadComparison> threads;
  std::map<uint32_t, size_t> index;
  const auto of = [&](const ComparedThread& thread) -> ThreadComparison& {
    const auto [found, is_new] = index.try_emplace(thread.tid, threads.size());
    if (is_new) threads.push_back({.tid = thread.tid, .pid = thread.pid});
    return threads[found->second];
  };
  for (ComparedThread& thread : kernel.threads) of(thread).kernel = std::move(thread);
  for (ComparedThread& thread : libc.threads) {
    ThreadComparison& both = of(thread);
    both.pid = thread.pid;
    both.libc = std::move(thread);
  }
  return threads;
}

void name_programs(std::vector<ThreadComparison>& threads, const Transcript& libc,
                   const Transcript& kernel) {
  std::map<uint32_t, std::string> names;
  for (const Transcript* transcript : {&kernel, &libc})
    for (const ComparedProgram& program : transcript->programs)
      if (!program.name.empty()) names[program.pid] = program.name;
  for (ThreadComparison& thread : threads) thread.program = names[thread.pid];
}

void count(ComparisonTotals& totals, const ComparedRow& row) {
  const bool is_pair = row.libc && !row.syscalls.empty();
  switch (row.verdict) {
    case Verdict::Same:
    case Verdict::Different:
      totals.pairs += is_pair ? 1 : 0;
      totals.differing += is_pair && row.verdict == Verdict::Different ? 1 : 0;
      return;
    case Verdict::InsideLibc:
      totals.inside_libc += row.syscalls.size();
      return;
    case Verdict::OutOfSight:
      ++totals.out_of_sight;
      return;
    case Verdict::Unexplained:
      totals.pairs += is_pair ? 1 : 0;
      totals.differing += is_pair ? 1 : 0;
      ++totals.unexplained;
      return;
  }
}

}  // namespace

Comparison compare(Transcript libc, Transcript kernel, const ComparisonSources& sources) {
  Comparison comparison{.threads = {}, .totals = {}, .lost = libc.lost};
  leave_out_strace(libc);
  agree_on_threads(libc, kernel);
  const Times times = times_of(libc, kernel);
  const RunFacts facts = facts_of(libc, kernel, sources);
  comparison.threads = threads_of(libc, kernel);
  name_programs(comparison.threads, libc, kernel);
  for (ThreadComparison& thread : comparison.threads) {
    RowMaker(thread, times, facts, sources).make();
    for (const ComparedRow& row : thread.rows) count(comparison.totals, row);
  }
  return comparison;
}

}  // namespace wireseam
