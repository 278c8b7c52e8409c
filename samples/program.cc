// SPDX-License-Identifier: Apache-2.0
// The frame around a sample's work. The one place where errors become exit statuses.
#include "samples/program.h"

#include <errno.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "samples/stop.h"

namespace wireseam::samples {
namespace {

constexpr int kExitUsage = 2;

// argv as CLI11 wants it, the last one first. CLI11 (2.1 to 2.4 at least) takes a positional
// "[a,b]" for a list of two; an end that no argument of a program can have keeps it whole.
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    std::string& argument = arguments.emplace_back(argv[i]);
    if (argument.starts_with('[')) argument += kArgumentEnd;
  }
  return arguments;
}

int usage_error(const std::string& message) {
  warn(message);
  fmt::print(stderr, "Try '{} --help'.\n", program_invocation_short_name);
  return kExitUsage;
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
  app.name(program_invocation_short_name);
  try {
    app.parse(arguments_of(argc, argv));
    return body();
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  } catch (const UsageError& error) {
    return usage_error(error.what());
  } catch (const Stopped&) {
    return EXIT_SUCCESS;
  } catch (const Error& error) {
    warn(error.what());
    if (!error.cure().empty()) warn(error.cure());
  } catch (const std::exception& error) {
    warn(error.what());
  }
  return EXIT_FAILURE;
}

void warn(const std::string& message) {
  fmt::print(stderr, "{}: {}\n", program_invocation_short_name, message);
}

}  // namespace wireseam::samples
