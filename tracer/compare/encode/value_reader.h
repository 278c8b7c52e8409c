// SPDX-License-Identifier: Apache-2.0
// Takes numbers out of the tree of a value. What can't be read is 0 and leaves the first reason.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "tracer/compare/log_value.h"
#include "tracer/trace/constants.h"

namespace wireseam {

class ValueReader {
 public:
  uint64_t number(const LogValue& value);
  uint64_t flags(const LogValue& value, std::initializer_list<ConstantGroup> groups);

  // The same of a field; 0 where the structure has none of that name.
  uint64_t number(const LogValue& structure, std::string_view field);
  uint64_t flags(const LogValue& structure, std::string_view field,
                 std::initializer_list<ConstantGroup> groups);

  // The only thing between the parentheses: 80 of htons(80).
  uint64_t call_argument(const LogValue& call, std::initializer_list<ConstantGroup> groups = {});

  // An index, or if_nametoindex("lo") as this host has it; 0 for an interface that it lacks.
  uint32_t interface(const LogValue& value);

  void fail(std::string reason);
  const std::string& problem() const { return problem_; }

 private:
  std::string problem_;
};

}  // namespace wireseam
