// SPDX-License-Identifier: Apache-2.0
// The lines of scripts, for what their operations are called by. A file that can't be read has
// none.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "tracer/compare/compared_call.h"

namespace wireseam {

class SourceLines {
 public:
  // echo.py:12 conn, addr = s.accept(); with what was called where the line does not name it:
  // <string>:12 socket.accept.
  std::string describe(const Operation& operation);

  // A line without the space around it; empty where it is not known.
  std::string line(const std::string& file, uint32_t number);

 private:
  std::unordered_map<std::string, std::vector<std::string>> files_;
};

}  // namespace wireseam
