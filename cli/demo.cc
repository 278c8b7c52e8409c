// SPDX-License-Identifier: Apache-2.0
// wireseam demo.
#include <cstdio>
#include <cstdlib>

#include "cli/command_line.h"
#include "cli/option_parser.h"
#include "cli/verbs.h"
#include "demo/play_demo.h"
#include "tracer/collect/launch.h"

namespace wireseam {
namespace {

std::string list_of_scenarios() {
  std::string text;
  for (const Scenario& scenario : all_scenarios()) {
    text += "  " + std::string(scenario.name);
    text.append(14 - scenario.name.size(), ' ');
    text += std::string(scenario.summary) + "\n";
  }
  return text;
}

const Scenario& scenario_named(const std::string& name) {
  if (const Scenario* scenario = find_scenario(name)) return *scenario;
  std::string names;
  for (const Scenario& scenario : all_scenarios())
    names += (names.empty() ? "" : ", ") + std::string(scenario.name);
  throw UsageError("there is no scenario '" + name + "'; there are " + names);
}

struct DemoOptions {
  DemoRequest request;
  bool is_list = false;
  bool is_named = false;
};

DemoOptions parse_demo(std::span<char* const> arguments) {
  DemoOptions options;
  OptionParser parser("demo [OPTION...] [SCENARIO]");
  parser.flag("-l,--list", "List the scenarios", [&] { options.is_list = true; });
  parser.text("-o,--output", "FOLDER", "Keep the recording in this folder, which must be new",
              [&](const std::string& folder) { options.request.folder = folder; });
  parser.choice("--color", {"auto", "always", "never"}, "auto: on a terminal without NO_COLOR",
                [&](size_t color) { options.request.color = static_cast<Color>(color); });
  const auto operands = parser.parse_mixed(arguments);
  if (operands.size() > 1) throw UsageError("one scenario at a time");
  options.is_named = !operands.empty();
  options.request.scenario =
      options.is_named ? &scenario_named(operands.front()) : &all_scenarios().front();
  return options;
}

}  // namespace

int run_demo(std::span<char* const> arguments) {
  const DemoOptions options = parse_demo(arguments);
  if (options.is_list) {
    std::fputs(list_of_scenarios().c_str(), stdout);
    return EXIT_SUCCESS;
  }
  if (const int32_t status = play_demo(options.request, warn); status != 0) return end_like(status);
  if (!options.is_named)
    std::printf("\nThere is more to be seen, by 'wireseam demo SCENARIO':\n\n%s",
                list_of_scenarios().c_str());
  return EXIT_SUCCESS;
}

}  // namespace wireseam
