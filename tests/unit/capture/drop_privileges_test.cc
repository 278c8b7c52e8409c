// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/drop_privileges.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/unit/catch2.h"

namespace {

bool has_no_capability() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    for (const char* set : {"CapInh:", "CapPrm:", "CapEff:", "CapAmb:"})
      if (line.starts_with(set) && !line.ends_with("\t0000000000000000")) return false;
  return true;
}

bool is_user(uid_t uid) {
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  return getresuid(&real, &effective, &saved) == 0 && real == uid && effective == uid &&
         saved == uid && getgroups(0, nullptr) == 0;
}

// What a process finds that has dropped its privileges; 0 where all is as it should be.
int check_after_drop(uid_t expected) {
  wireseam::drop_privileges();
  if (!is_user(expected)) return 1;
  if (!has_no_capability()) return 2;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 3;
  if (setuid(0) == 0) return 4;
  if (socket(AF_PACKET, SOCK_RAW, 0) >= 0 || errno != EPERM) return 5;
  if (open("/etc/shadow", O_RDONLY | O_CLOEXEC) >= 0) return 6;
  return 0;
}

// In a process of its own, which ends without running this one's.
int in_child(const char* sudo_uid, const char* sudo_gid, uid_t expected) {
  const pid_t child = fork();
  if (child == 0) {
    sudo_uid != nullptr ? setenv("SUDO_UID", sudo_uid, 1) : unsetenv("SUDO_UID");
    sudo_gid != nullptr ? setenv("SUDO_GID", sudo_gid, 1) : unsetenv("SUDO_GID");
    _exit(check_after_drop(expected));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("root becomes the user who called sudo, for good and without a capability") {
  if (geteuid() != 0) {
    WARN("skipped: needs root");
    return;
  }
  CHECK(in_child("1234", "1235", 1234) == 0);
}

TEST_CASE("root becomes nobody where nobody called sudo") {
  if (geteuid() != 0) {
    WARN("skipped: needs root");
    return;
  }
  CHECK(in_child(nullptr, nullptr, 65534) == 0);
  CHECK(in_child("0", "0", 65534) == 0);
  CHECK(in_child("12x", "12", 65534) == 0);
}

TEST_CASE(
    "the root of a user namespace without other users stays who it is, without a capability") {
  const pid_t child = fork();
  if (child == 0) {
    const uid_t user = geteuid();
    if (unshare(CLONE_NEWUSER) != 0) _exit(99);
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    if (geteuid() != 0) _exit(99);
    wireseam::drop_privileges();
    _exit(geteuid() == 0 && has_no_capability() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 99)
    WARN("skipped: no user namespace can be made");
  else
    CHECK(WEXITSTATUS(status) == 0);
}
