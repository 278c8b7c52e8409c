// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/region_users.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "common/fd.h"
#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

// A mapping of a file as the region's is one, inherited by who is forked.
struct MappedFile {
  explicit MappedFile(const char* name) : fd(memfd_create(name, MFD_CLOEXEC)) {
    REQUIRE(ftruncate(fd.get(), 4096) == 0);
    memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  }
  ~MappedFile() { munmap(memory, 4096); }
  ino_t inode() const {
    struct stat file {};
    fstat(fd.get(), &file);
    return file.st_ino;
  }

  Fd fd;
  void* memory;
};

// Somebody else's child, that waits until it is killed.
struct Grandchild {
  Grandchild() {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    parent = fork();
    if (parent == 0) {
      const pid_t child = fork();
      if (child != 0 && write(ends[1], &child, sizeof child) != sizeof child) _exit(1);
      for (;;) pause();
    }
    REQUIRE(read(ends[0], &pid, sizeof pid) == sizeof pid);
  }
  ~Grandchild() {
    kill(pid, SIGKILL);
    kill(parent, SIGKILL);
    waitpid(parent, nullptr, 0);
  }

  pid_t parent = 0;
  pid_t pid = 0;
};

bool contains(const std::vector<uint32_t>& pids, pid_t pid) {
  return std::ranges::find(pids, static_cast<uint32_t>(pid)) != pids.end();
}

}  // namespace

TEST_CASE("who has the region mapped is found, but for us and our children") {
  const MappedFile region("wireseam-region");
  const Grandchild user;
  RegionUsers users(region.inode(), "/proc/1/fd/3");
  const auto found = users.find();
  CHECK(contains(found, user.pid));
  CHECK_FALSE(contains(found, user.parent));
  CHECK_FALSE(contains(found, getpid()));
  CHECK(look_for_region(static_cast<uint32_t>(user.pid), region.inode()) == RegionUse::Region);
}

TEST_CASE("another trace's region, or another file, is none of ours") {
  const MappedFile other("wireseam-region");
  const MappedFile named_else("else");
  const Grandchild user;
  CHECK_FALSE(contains(RegionUsers(other.inode() + 1000, "").find(), user.pid));
  CHECK_FALSE(contains(RegionUsers(named_else.inode(), "").find(), user.pid));
  CHECK(look_for_region(static_cast<uint32_t>(user.pid), named_else.inode()) == RegionUse::None);
}

TEST_CASE("of a process that is gone nothing is known") {
  CHECK(look_for_region(0x7fffffff, 1) == RegionUse::Unknown);
}
