// SPDX-License-Identifier: Apache-2.0
// Which processes belong to the trace, by what the kernel says. The pids in the region may be
// anybody's: whoever can write there could name a process that we may look into and he may not.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "tracer/collect/process_folder.h"
#include "tracer/collect/process_watch.h"
#include "tracer/trace/format.h"

namespace wireseam {

// What the region says of who took a chunk: copied once.
struct ChunkOwner {
  uint32_t pid;
  uint32_t tid;
  uint32_t process;
  uint32_t thread;
  uint32_t sequence;
  uint32_t ids;

  bool operator==(const ChunkOwner&) const = default;
};

enum class Standing : uint8_t {
  Ours,     // it descends from the program, or has our region mapped
  Gone,     // it has ended, so nothing can be said of it
  Foreign,  // it runs, and has nothing to do with us
};

class TracedProcesses {
 public:
  // `region`: the inode of the shared region. `watch` knows those that have begun, and must outlive
  // this.
  TracedProcesses(ino_t region, const ProcessWatch& watch);

  // From which the others descend.
  void set_program(pid_t program) { program_ = static_cast<uint32_t>(program); }

  struct Found {
    Standing standing;
    ChunkOwner owner;  // with the ids of our own PID namespace
  };
  // Looks for whom the owner names. One in a PID namespace below may name itself as it is known
  // there.
  Found find(const ChunkOwner& owner);

  // Where its memory and its files may be looked at: it is ours, and has the user and the groups
  // that the program was started with.
  std::optional<ProcessFolder> look_into(uint32_t pid) const;

  // Where what it executes may be looked at: it is ours.
  bool belongs(uint32_t pid) const;

  // Whether pids may be of a PID namespace below. What a process did before it ended is then hard
  // to tell from what another one of that number did.
  bool has_namespaces() const { return has_namespaces_; }
  // One of ours has made a namespace.
  void expect_namespaces() { has_namespaces_ = true; }

 private:
  bool has_namespaces(const ChunkOwner& owner);
  Standing standing_of(uint32_t pid) const;
  bool has_region(uint32_t pid) const;
  bool is_older_than_trace(const ProcessFolder& process) const;
  bool is_plausible(const ChunkOwner& owner);
  static bool may_be_inner(const Found& found);
  Found in_namespace(const ChunkOwner& owner);
  uint32_t outer_pid(const ChunkOwner& owner);
  uint32_t outer_tid(uint32_t pid, const ChunkOwner& owner);

  uint32_t program_ = 0;
  ino_t region_;
  const ProcessWatch& watch_;
  std::string credentials_;  // of whom we may look into
  uint64_t started_ticks_;   // as in /proc/PID/stat
  uint64_t forks_before_;    // in all the system, when the trace began
  bool has_namespaces_ = false;
  std::unordered_set<uint32_t> unseen_tids_;  // of threads that could not be looked up
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> outer_pids_;  // by inner pid and process
  // Inner and outer, by thread index.
  std::unordered_map<uint32_t, std::pair<uint32_t, uint32_t>> outer_tids_;
};

}  // namespace wireseam
