// SPDX-License-Identifier: Apache-2.0
// The frame around a sample's work. The one place where errors become exit statuses.
#include "samples/program.h"

#include <errno.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "samples/stop.h"

namespace wireseam::samples {
namespace {

constexpr int kExitUsage = 2;

int usage_error(const std::string& message) {
  warn(message);
  fmt::print(stderr, "Try '{} --help'.\n", program_invocation_short_name);
  return kExitUsage;
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
  app.name(program_invocation_short_name);
  try {
    app.parse(argc, argv);
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
