// SPDX-License-Identifier: Apache-2.0
#include "tracer/run/python_hook.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "common/error.h"
#include "tracer/run/temporary_folder.h"

namespace wireseam {
namespace {

constexpr const char* kPath = "PYTHONPATH";

}  // namespace

PythonHook::PythonHook() : folder_(make_temporary_folder()) {
  const std::string file = folder_ + "/sitecustomize.py";
  std::ofstream(file) << kPythonHookText;
  // A program may become another user.
  if (chmod(folder_.c_str(), 0755) != 0) throw Error("cannot make readable", folder_, errno);
}

PythonHook::~PythonHook() {
  std::error_code error;
  std::filesystem::remove_all(folder_, error);  // with what interpreters have compiled
}

void PythonHook::add_to(ProgramEnvironment& environment) const {
  const auto theirs = find_variable(environment, kPath);
  const std::string path =
      theirs && !theirs->empty() ? folder_ + ":" + std::string(*theirs) : folder_;
  set_variable(environment, kPath, path);
}

}  // namespace wireseam
