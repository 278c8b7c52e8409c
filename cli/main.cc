// SPDX-License-Identifier: Apache-2.0
// Finds the verb and runs it. The one place where errors become messages and exit statuses.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.h"
#include "cli/verbs.h"
#include "common/error.h"
#include "tracer/collect/search_path.h"

using namespace wireseam;

namespace {

constexpr int kExitUsage = 2;
constexpr const char* kVersion = "wireseam " WIRESEAM_VERSION "\n";

struct Verb {
  const char* name;
  const char* arguments;
  const char* summary;
  int (*run)(std::span<char* const> arguments);
};

constexpr Verb kVerbs[] = {
    {"trace", "[OPTION...] [--] PROGRAM [ARG...]", "Run a program and print its socket calls",
     run_trace},
    {"record", "-o FOLDER [OPTION...] [--] PROGRAM [ARG...]",
     "Run a program and keep its socket calls and its packets", run_record},
    {"inspect", "[OPTION...] [-i IFACE | FILE | FOLDER]",
     "Show the connections of a capture or a recording", run_inspect},
    {"compare", "[OPTION...] [--] PROGRAM [ARG...] | RECORDING.wst LOG...",
     "Lay libc's calls beside the kernel's, as strace sees them", run_compare},
    {"export", "[OPTION...] FILE...|FOLDER",
     "Print the calls that were kept in a file or a recording, or a log of strace", run_export},
    {"demo", "[OPTION...] [SCENARIO]",
     "Play a lesson with small servers and clients, and explain what was seen", run_demo},
};

std::string help() {
  std::string text = "usage: wireseam VERB [OPTION...] ...\n\n";
  for (const Verb& verb : kVerbs)
    text += std::string("  wireseam ") + verb.name + " " + verb.arguments + "\n      " +
            verb.summary + "\n";
  return text +
         "\n'wireseam VERB --help' lists the options of a verb, 'wireseam --version' tells the "
         "version.\n";
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Verb& verb : kVerbs) names.emplace_back(verb.name);
  return names;
}

const Verb& find_verb(std::string_view name) {
  for (const Verb& verb : kVerbs)
    if (name == verb.name) return verb;
  const std::string quoted = "'" + std::string(name) + "'";
  if (name.starts_with('-')) throw UsageError("unknown option " + quoted);
  throw UsageError("unknown verb " + quoted + suggestion(name, verb_names()));
}

bool is_version(std::string_view option) { return option == "--version" || option == "-V"; }

int run(std::span<char* const> arguments) {
  const std::string_view first = arguments.empty() ? "--help" : arguments.front();
  if (first == "--help" || first == "-h" || first == "help") throw HelpRequest{help()};
  if (is_version(first)) throw HelpRequest{kVersion};
  const Verb& verb = find_verb(first);
  // Where strace's users look for it.
  if (arguments.size() == 2 && is_version(arguments[1])) throw HelpRequest{kVersion};
  return verb.run(arguments.subspan(1));
}

// Help is asked of the verb, where there is one.
int usage_error(const UsageError& error, std::span<char* const> arguments) {
  warn(error.what());
  const std::string first = arguments.empty() ? "" : arguments.front();
  const bool has_verb = std::ranges::any_of(kVerbs, [&](const Verb& v) { return first == v.name; });
  std::fprintf(stderr, "Try 'wireseam %s--help'.\n", has_verb ? (first + " ").c_str() : "");
  return kExitUsage;
}

int failure(const Error& error) {
  warn(error.what());
  if (!error.cure().empty()) warn(error.cure());
  const auto* cannot_run = dynamic_cast<const CannotRun*>(&error);
  return cannot_run != nullptr ? cannot_run->exit_status() : EXIT_FAILURE;
}

int guarded_run(std::span<char* const> arguments) {
  try {
    return run(arguments);
  } catch (const HelpRequest& help) {
    std::fputs(help.text.c_str(), stdout);
    return EXIT_SUCCESS;
  } catch (const UsageError& error) {
    return usage_error(error, arguments);
  } catch (const Error& error) {
    return failure(error);
  } catch (const std::bad_alloc&) {
    warn("out of memory");
    return EXIT_FAILURE;
  }
}

// A file of ours must not get the number of a standard descriptor that the caller has closed. The
// program that is traced finds it closed as well.
void occupy_standard_descriptors() {
  int fd = 0;
  do {
    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  return guarded_run({argv + 1, static_cast<size_t>(argc > 0 ? argc - 1 : 0)});
}
