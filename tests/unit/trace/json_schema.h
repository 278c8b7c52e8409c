// SPDX-License-Identifier: Apache-2.0
// A checker for the part of JSON Schema 2020-12 that our schemas use. Stricter than the standard in
// one way: a key that an object's schema does not list is an error, since our own output must not
// have keys that are not documented.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace wireseam::test {

// What is wrong with the value, and where; empty where nothing is. Throws std::logic_error for a
// schema that uses a word which this checker does not know.
std::string schema_violation(const nlohmann::json& schema, const nlohmann::json& value);

}  // namespace wireseam::test
