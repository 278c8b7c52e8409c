// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/secure_execution.h"

#include <linux/capability.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "common/error.h"

namespace wireseam {
namespace {

bool has_file_capabilities() {
  return getauxval(AT_SECURE) != 0 && getuid() == geteuid() && geteuid() != 0;
}

void must(long result) {
  if (result != 0) throw Error("cannot give up capabilities", errno);
}

// What is inheritable stays: it is of whoever started us, and meant for the program.
void drop_capabilities() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  must(syscall(SYS_capget, &header, sets.data()));
  for (__user_cap_data_struct& set : sets) set.effective = set.permitted = 0;
  must(syscall(SYS_capset, &header, sets.data()));
}

}  // namespace

void leave_secure_execution() {
  if (!has_file_capabilities()) return;
  drop_capabilities();
  must(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

// The loader only moves pointers: the kernel still shows the text that we were started with.
std::vector<std::string> variables_taken() {
  std::vector<std::string> taken;
  if (!has_file_capabilities()) return taken;
  std::ifstream file("/proc/self/environ", std::ios::binary);
  for (std::string variable; std::getline(file, variable, '\0');) {
    const std::string name = variable.substr(0, variable.find('='));
    if (name.size() < variable.size() && std::getenv(name.c_str()) == nullptr)
      taken.push_back(variable);
  }
  return taken;
}

}  // namespace wireseam
