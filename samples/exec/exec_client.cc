// SPDX-License-Identifier: Apache-2.0
// Sends commands to exec-server and prints their output, or fetches a file from it. stdout gets the
// output as it came; what there is to say about it goes to stderr.
#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <optional>

#include "samples/auth.h"
#include "samples/exec/command_client.h"
#include "samples/exec/fetch.h"
#include "samples/messages.h"
#include "samples/options.h"
#include "samples/program.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

// For files, where --recv-size is not given: a kilobyte at a time would take twice as long.
constexpr size_t kFileRecvSize = 65536;

struct ExecClientOptions : ClientOptions {
  ExecOptions exec;
  std::optional<std::string> get;  // the file to fetch, instead of running commands
  std::string output;              // where to put it; empty: its name, here
};

void check_usage(const ExecClientOptions& options) {
  check_exec_options(options.exec);
  require_stream(options.address, "exec-client");
  if (options.get && options.exec.framing != "json-header")
    throw UsageError("--get needs --framing json-header");
}

// Ctrl-C leaves no part of a file behind, and is no success.
void get(const Connection& server, const ExecClientOptions& options) {
  stop_on_signals();
  try {
    fetch(server, options.exec, options.recv_size, {*options.get, options.output});
  } catch (const Stopped&) {
    throw Error(fmt::format("--get {}: interrupted", *options.get));
  }
}

int run_commands(const Connection& server, const ExecClientOptions& options) {
  CommandClient client(server, options.exec, options.recv_size);
  Messages commands(options.messages, "$ ");
  int status = EXIT_SUCCESS;
  while (const auto command = commands.next()) {
    // Nothing would be sent, and the answer to nothing waited for.
    if (command->empty()) continue;
    if (client.run(*command) == CommandOutcome::Bad) status = EXIT_FAILURE;
  }
  client.finish();
  return status;
}

int run(const ExecClientOptions& options) {
  check_usage(options);
  const auto key = read_key(options.auth_key_file);
  const Connection server = connect_to(options.address, options.socket);
  authenticate_to_server(server, key);
  if (!options.get) return run_commands(server, options);
  get(server, options);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace wireseam::samples

int main(int argc, char** argv) {
  using namespace wireseam::samples;
  CLI::App app("Sends commands to exec-server and prints their output, or fetches a file");
  ExecClientOptions options;
  add_client_options(app, options);
  add_exec_options(app, options.exec);
  auto* get = app.add_option("--get", options.get, "Fetch this file from the server's --files");
  app.add_option("-o", options.output, "Write the file here (default: its last name, a new file)")
      ->needs(get);
  get->excludes("MESSAGE");
  return run_program(app, argc, argv, [&] {
    if (options.get && app.count("--recv-size") == 0) options.recv_size = kFileRecvSize;
    return run(options);
  });
}
