// SPDX-License-Identifier: Apache-2.0
// The frame around a sample's work. The one place where errors become exit statuses.
#include "samples/program.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "samples/stop.h"

namespace wireseam::samples {
namespace {

constexpr int kExitUsage = 2;

// argv as CLI11 wants it, the last one first. CLI11 2.1 takes a positional
// "[a,b]" for a list of two; an end that no argument of a program can have keeps it whole.
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    std::string& argument = arguments.emplace_back(argv[i]);
    if (argument.starts_with('[')) argument += kArgumentEnd;
  }
  return arguments;
}

// A program that was started with stdin, stdout or stderr closed would get a socket of that number,
// and take the prompt for an answer or print into the connection.
void open_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    struct stat status {};
    if (fstat(fd, &status) != 0 && open("/dev/null", O_RDWR) != fd)
      throw Error("cannot open", "/dev/null", errno);
  }
}

int usage_error(const std::string& message) {
  warn(message);
  print_to_stderr(fmt::format("Try '{} --help'.\n", program_invocation_short_name));
  return kExitUsage;
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
  app.name(program_invocation_short_name);
  try {
    open_standard_descriptors();
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

void print_to_stderr(const std::string& text) { std::fputs(text.c_str(), stderr); }

void warn(const std::string& message) {
  print_to_stderr(fmt::format("{}: {}\n", program_invocation_short_name, message));
}

}  // namespace wireseam::samples
