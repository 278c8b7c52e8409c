// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/trace/json_schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>

namespace wireseam::test {
namespace {

using nlohmann::json;

class Checker {
 public:
  explicit Checker(const json& root) : root_(root) {}

  std::string check(const json& schema, const json& value, const std::string& where) const {
    for (const auto& [word, rule] : schema.items()) {
      std::string wrong = check_word(word, rule, schema, value, where);
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

 private:
  static std::string complain(const std::string& where, const std::string& what,
                              const json& value) {
    return (where.empty() ? "/" : where) + " " + what + ": " + value.dump();
  }

  std::string check_word(const std::string& word, const json& rule, const json& schema,
                         const json& value, const std::string& where) const {
    if (word == "$schema" || word == "title" || word == "description" || word == "$defs") return "";
    if (word == "$ref") return check(resolve(rule), value, where);
    if (word == "type")
      return has_type(rule, value) ? "" : complain(where, "has a wrong type", value);
    if (word == "const")
      return rule == value ? "" : complain(where, "is not " + rule.dump(), value);
    if (word == "enum")
      return has(rule, value) ? "" : complain(where, "is none of those listed", value);
    if (word == "minimum") return check_minimum(rule, value, where);
    if (word == "pattern") return check_pattern(rule, value, where);
    if (word == "required") return check_required(rule, value, where);
    if (word == "properties") return check_properties(rule, value, where);
    if (word == "items") return check_items(rule, value, where);
    if (word == "anyOf" || word == "oneOf") return check_choice(word, rule, value, where);
    throw std::logic_error("the checker does not know the word " + word + " of " + schema.dump());
  }

  const json& resolve(const std::string& reference) const {
    return root_.at(json::json_pointer(reference.substr(1)));
  }

  static bool has(const json& list, const json& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }

  static bool has_type(const json& types, const json& value) {
    if (types.is_array())
      return std::any_of(types.begin(), types.end(),
                         [&](const json& type) { return has_type(type, value); });
    if (types == "integer") return value.is_number_integer();
    return types == value.type_name();
  }

  static std::string check_minimum(const json& least, const json& value, const std::string& where) {
    return !value.is_number() || value >= least ? "" : complain(where, "is too small", value);
  }

  static std::string check_pattern(const json& pattern, const json& value,
                                   const std::string& where) {
    const bool fits =
        !value.is_string() ||
        std::regex_search(value.get<std::string>(), std::regex(pattern.get<std::string>()));
    return fits ? "" : complain(where, "does not match " + pattern.dump(), value);
  }

  static std::string check_required(const json& names, const json& value,
                                    const std::string& where) {
    for (const json& name : names)
      if (value.is_object() && !value.contains(name))
        return complain(where, "lacks " + name.dump(), value);
    return "";
  }

  std::string check_properties(const json& properties, const json& value,
                               const std::string& where) const {
    if (!value.is_object()) return "";
    for (const auto& [key, item] : value.items()) {
      if (!properties.contains(key)) return complain(where + "/" + key, "is not listed", item);
      std::string wrong = check(properties[key], item, where + "/" + key);
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  std::string check_items(const json& schema, const json& value, const std::string& where) const {
    if (!value.is_array()) return "";
    for (size_t i = 0; i < value.size(); ++i) {
      std::string wrong = check(schema, value[i], where + "/" + std::to_string(i));
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  // The complaint is that of the choice that went furthest.
  std::string check_choice(const std::string& word, const json& choices, const json& value,
                           const std::string& where) const {
    size_t fitting = 0;
    std::string deepest;
    for (const json& choice : choices) {
      const std::string wrong = check(choice, value, where);
      if (wrong.empty()) ++fitting;
      if (wrong.find(' ') > deepest.find(' ') || deepest.empty()) deepest = wrong;
    }
    if (word == "oneOf" && fitting > 1) return complain(where, "fits more than one choice", value);
    return fitting > 0 ? "" : deepest;
  }

  const json& root_;
};

}  // namespace

std::string schema_violation(const json& schema, const json& value) {
  return Checker(schema).check(schema, value, "");
}

}  // namespace wireseam::test
