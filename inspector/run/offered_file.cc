// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/offered_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <optional>

namespace wireseam {
namespace {

// No value: none is wanted.
std::optional<std::string> ask_for_file() {
  std::fputs("A capture file to look at instead (Enter alone: none): ", stderr);
  std::string name;
  if (!std::getline(std::cin, name) || name.empty()) return std::nullopt;
  return name;
}

void tell(const Error& error, const std::function<void(const std::string&)>& warn) {
  warn(error.what());
  if (!error.cure().empty()) warn(error.cure());
}

}  // namespace

OpenedSource open_source_or_file(InspectRequest& request,
                                 const std::function<void(const std::string&)>& note,
                                 const std::function<void(const std::string&)>& warn) {
  try {
    return open_source(request, note);
  } catch (const Error& error) {
    if (error.errnum() != EPERM || request.interface.empty() || isatty(STDIN_FILENO) == 0) throw;
    tell(error, warn);
  }
  while (const auto file = ask_for_file()) {
    request.interface.clear();
    request.file = *file;
    try {
      return open_source(request, note);
    } catch (const Error& error) {
      tell(error, warn);
    }
  }
  throw Error("there is nothing to look at");
}

}  // namespace wireseam
