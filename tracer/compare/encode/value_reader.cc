// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/encode/value_reader.h"

#include <net/if.h>

#include <utility>

#include "tracer/compare/log_word.h"

namespace wireseam {

uint64_t ValueReader::number(const LogValue& value) { return flags(value, {}); }

uint64_t ValueReader::flags(const LogValue& value, std::initializer_list<ConstantGroup> groups) {
  const auto number =
      value.kind == LogValue::Kind::Word ? flags_of(value.word, groups) : std::nullopt;
  if (!number) fail("'" + std::string(value.word) + "' is no number and no name that is known");
  return number.value_or(0);
}

uint64_t ValueReader::number(const LogValue& structure, std::string_view field) {
  return flags(structure, field, {});
}

uint64_t ValueReader::flags(const LogValue& structure, std::string_view field,
                            std::initializer_list<ConstantGroup> groups) {
  const LogValue* value = structure.field(field);
  return value != nullptr ? flags(*value, groups) : 0;
}

uint64_t ValueReader::call_argument(const LogValue& call,
                                    std::initializer_list<ConstantGroup> groups) {
  if (call.kind != LogValue::Kind::Call || call.items.size() != 1) return flags(call, groups);
  return flags(call.items.front(), groups);
}

uint32_t ValueReader::interface(const LogValue& value) {
  const bool named = value.kind == LogValue::Kind::Call && value.items.size() == 1;
  if (!named) return static_cast<uint32_t>(number(value));
  return if_nametoindex(value.items.front().bytes.c_str());
}

void ValueReader::fail(std::string reason) {
  if (problem_.empty()) problem_ = std::move(reason);
}

}  // namespace wireseam
