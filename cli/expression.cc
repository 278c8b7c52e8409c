// SPDX-License-Identifier: Apache-2.0
#include "cli/expression.h"

#include <algorithm>
#include <string_view>

#include "cli/command_line.h"
#include "cli/text_settings.h"

namespace wireseam {
namespace {

void decode_descriptors(PrintOptions& options, const std::string& set) {
  set_descriptors(options.text, set);
}

void be_quiet(PrintOptions& options, const std::string& set) { set_quiet(options.text, set); }

void abbreviate(PrintOptions& options, const std::string& set) {
  if (set != "all" && set != "none")
    throw UsageError("-e abbrev= takes all or none here, not '" + set + "'");
  options.text.abbreviate = set == "all";
}

void select_signals(PrintOptions&, const std::string& set) {
  if (set != "none" && set != "!all")
    throw UsageError("signals are not traced: -e signal= takes none, not '" + set + "'");
}

// What says how calls are shown; which ones are is the filter's affair.
struct Qualifier {
  std::string_view name;
  void (*apply)(PrintOptions& options, const std::string& set);  // nullptr: not here
};

constexpr Qualifier kQualifiers[] = {
    {"decode-fds", decode_descriptors},
    {"decode-fd", decode_descriptors},
    {"quiet", be_quiet},
    {"silent", be_quiet},
    {"silence", be_quiet},
    {"q", be_quiet},
    {"abbrev", abbreviate},
    {"a", abbreviate},
    {"signal", select_signals},
    {"signals", select_signals},
    {"s", select_signals},
    {"decode-pids", nullptr},
    {"decode-pid", nullptr},
    {"fault", nullptr},
    {"inject", nullptr},
    {"kvm", nullptr},
    {"raw", nullptr},
    {"x", nullptr},
    {"read", nullptr},
    {"reads", nullptr},
    {"r", nullptr},
    {"verbose", nullptr},
    {"v", nullptr},
    {"write", nullptr},
    {"writes", nullptr},
    {"w", nullptr},
};

}  // namespace

void apply_expression(PrintOptions& options, const std::string& expression) {
  const size_t equals = expression.find('=');
  const std::string_view name = std::string_view(expression).substr(0, equals);
  const auto* qualifier = std::ranges::find(kQualifiers, name, &Qualifier::name);
  if (equals == expression.npos || qualifier == std::end(kQualifiers))
    return options.filter.add(expression);
  if (qualifier->apply == nullptr)
    throw UsageError("there is no -e " + std::string(name) +
                     "= here, only trace=, status=, fd=, quiet=, decode-fds= and abbrev=");
  qualifier->apply(options, expression.substr(equals + 1));
}

}  // namespace wireseam
