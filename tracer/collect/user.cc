// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/user.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "common/error.h"

namespace wireseam {

void become_user(const std::string& name) {
  if (geteuid() != 0)
    throw Error("cannot become user", name, EPERM).with_cure("Only root may use -u.");
  errno = 0;
  const passwd* entry = getpwnam(name.c_str());
  if (entry == nullptr) throw Error("there is no user '" + name + "'");
  if (initgroups(name.c_str(), entry->pw_gid) != 0 ||
      setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) != 0 ||
      setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) != 0)
    throw Error("cannot become user", name, errno);
  // The kernel took it away with the change of user, and /proc/PID/fd would stay root's.
  if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) throw Error("cannot become dumpable", errno);
}

}  // namespace wireseam
