// SPDX-License-Identifier: Apache-2.0
// Framings as text: "NAME" or "NAME:PARAMETER=VALUE,...".
#include <algorithm>
#include <vector>

#include "common/error.h"
#include "common/framing/framing.h"
#include "common/framing/parameter.h"

namespace wireseam {
namespace {

bool may_set(const Framing& framing, const FramingParameter& parameter) {
  return has_parameter(framing.shape.kind, parameter) &&
         (framing.tuning == Tuning::All ||
          (framing.tuning == Tuning::Max && parameter.name == "max"));
}

const Framing* find_framing(std::string_view name) {
  const auto rows = all_framings();
  const auto row = std::ranges::find(rows, name, &Framing::name);
  return row == rows.end() ? nullptr : &*row;
}

void append(std::string& list, std::string_view separator, std::string_view item) {
  if (!list.empty()) list += separator;
  list += item;
}

// Reads the text of one framing. Every error quotes it whole and names the part that is wrong.
class FramingParser {
 public:
  explicit FramingParser(std::string_view text) : text_(text) {}

  Framing parse();

 private:
  [[noreturn]] void fail(const std::string& reason) const;
  Framing named(std::string_view name) const;
  void apply(std::string_view assignment, Framing& framing);
  const FramingParameter& find_parameter(std::string_view name, const Framing& framing) const;
  void check(const Shape& shape) const;

  std::string_view text_;
  std::vector<std::string_view> given_;
};

Framing FramingParser::parse() {
  const size_t colon = text_.find(':');
  Framing framing = named(text_.substr(0, colon));
  if (colon != std::string_view::npos) {
    std::string_view rest = text_.substr(colon + 1);
    for (size_t comma = rest.find(','); comma != std::string_view::npos; comma = rest.find(',')) {
      apply(rest.substr(0, comma), framing);
      rest.remove_prefix(comma + 1);
    }
    apply(rest, framing);
  }
  check(framing.shape);
  return framing;
}

void FramingParser::fail(const std::string& reason) const {
  throw Error("framing '" + std::string(text_) + "': " + reason);
}

Framing FramingParser::named(std::string_view name) const {
  if (const Framing* framing = find_framing(name)) return *framing;
  std::string names;
  for (const Framing& framing : all_framings()) append(names, ", ", framing.name);
  fail("there is no '" + std::string(name) + "', but " + names);
}

const FramingParameter& FramingParser::find_parameter(std::string_view name,
                                                      const Framing& framing) const {
  std::string names;
  for (const FramingParameter& parameter : all_parameters()) {
    if (!may_set(framing, parameter)) continue;
    if (parameter.name == name) return parameter;
    append(names, ", ", parameter.name);
  }
  if (names.empty()) fail(std::string(framing.name) + " takes no parameters");
  fail("'" + std::string(name) + "' is no parameter of " + std::string(framing.name) + ", but " +
       names);
}

void FramingParser::apply(std::string_view assignment, Framing& framing) {
  const size_t equals = assignment.find('=');
  const FramingParameter& parameter = find_parameter(assignment.substr(0, equals), framing);
  if (std::ranges::find(given_, parameter.name) != given_.end())
    fail("'" + std::string(parameter.name) + "' is given twice");
  given_.push_back(parameter.name);
  if (equals == std::string_view::npos ||
      !parameter.set(framing.shape, assignment.substr(equals + 1)))
    fail("'" + std::string(assignment) + "' is wrong: " + std::string(parameter.name) + " is " +
         parameter.allowed());
}

// What no parameter alone can be blamed for.
void FramingParser::check(const Shape& shape) const {
  const bool is_binary = shape.kind == ShapeKind::LengthField && shape.digits == Digits::None;
  if (shape.kind == ShapeKind::Fixed && shape.max == 0) fail("size is missing");
  if (shape.kind == ShapeKind::LengthField && shape.width == 0) fail("width is missing");
  if (is_binary && shape.width > 8) fail("the width of a binary length is 1 to 8 bytes");
  if (shape.kind == ShapeKind::Varint && shape.width > 9) fail("the width of a varint is 1 to 9");
  if (shape.max < uint64_t{shape.offset} + shape.width) fail("max is below offset + width");
  if (shape.max < uint64_t{shape.strip.value_or(0)} + shape.trailer)
    fail("max is below strip + trailer");
  if (shape.max < shape.min) fail("max is below min");
}

}  // namespace

Framing parse_framing(std::string_view text) { return FramingParser(text).parse(); }

std::string to_string(const Framing& framing) {
  const Framing* row = find_framing(framing.name);
  std::string parameters;
  for (const FramingParameter& parameter : all_parameters()) {
    if (!may_set(framing, parameter)) continue;
    const std::string value = parameter.get(framing.shape);
    if (row != nullptr && value == parameter.get(row->shape)) continue;
    append(parameters, ",", std::string(parameter.name) + "=" + value);
  }
  return std::string(framing.name) + (parameters.empty() ? "" : ":" + parameters);
}

std::string describe(const Framing& framing) {
  std::string parameters;
  for (const FramingParameter& parameter : all_parameters()) {
    if (!has_parameter(framing.shape.kind, parameter)) continue;
    const std::string value = parameter.get(framing.shape);
    if (!value.empty()) append(parameters, ",", std::string(parameter.name) + "=" + value);
  }
  return std::string(framing.name) + ": " + std::string(framing.summary) +
         (parameters.empty() ? "" : " (" + parameters + ")");
}

}  // namespace wireseam
