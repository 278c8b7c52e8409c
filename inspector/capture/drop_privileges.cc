// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/drop_privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>

#include "common/error.h"

namespace wireseam {
namespace {

constexpr id_t kNobody = 65534;

struct User {
  uid_t uid = kNobody;
  gid_t gid = kNobody;
};

std::optional<id_t> id_in(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  id_t id = 0;
  const char* end = text + std::strlen(text);
  const auto result = std::from_chars(text, end, id);
  if (result.ec != std::errc{} || result.ptr != end || id == 0) return std::nullopt;
  return id;
}

// sudo(8) leaves the variables; of a set-user-ID program the real user is there still.
User caller() {
  if (getuid() != 0) return {getuid(), getgid()};
  const auto uid = id_in("SUDO_UID");
  const auto gid = id_in("SUDO_GID");
  return uid && gid ? User{*uid, *gid} : User{};
}

void must(int result) {
  if (result != 0) throw Error("cannot give up privileges", errno);
}

// A user namespace that has one user alone (unshare -Ur) has nobody to become: its root is the user
// who made it, and has no rights beyond it but those.
bool has_other_users() {
  std::ifstream map("/proc/self/uid_map");
  uint64_t inside = 0;
  uint64_t outside = 0;
  uint64_t count = 0;
  uint64_t users = 0;
  while (map >> inside >> outside >> count) users += count;
  return users != 1;
}

void leave_root(const User& user) {
  must(setgroups(0, nullptr));
  must(setresgid(user.gid, user.gid, user.gid));
  must(setresuid(user.uid, user.uid, user.uid));
}

void drop_capabilities() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  must(static_cast<int>(syscall(SYS_capset, &header, none.data())));
}

}  // namespace

void drop_privileges() {
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
  if (geteuid() == 0 && has_other_users()) leave_root(caller());
  drop_capabilities();
}

}  // namespace wireseam
