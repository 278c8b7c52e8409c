// SPDX-License-Identifier: Apache-2.0
// Runs each client's commands with /bin/sh -c and answers with their output: a small remote shell.
// Whoever can connect can run anything as the server's user, so it listens on loopback alone unless
// clients have to authenticate.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "samples/auth.h"
#include "samples/exec/allow_list.h"
#include "samples/exec/answers.h"
#include "samples/exec/client_presence.h"
#include "samples/exec/requests.h"
#include "samples/exec/transcoder.h"
#include "samples/options.h"
#include "samples/program.h"
#include "samples/serve.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

struct ExecServerOptions : CommonOptions {
  ExecOptions exec;
  std::string files;  // the folder to serve; empty: none
  std::vector<std::string> allow;
  double time_limit_s = 30;
  size_t output_limit = CommandLimits{}.output_bytes;
  std::string serve = "fork";
};

// What every connection is served with. Its functions may run in several threads at once.
class ExecService {
 public:
  explicit ExecService(const ExecServerOptions& options)
      : options_(options),
        framing_(exec_framing(options.exec.framing)),
        key_(read_key(options.auth_key_file)) {
    limits_.time = std::chrono::round<std::chrono::milliseconds>(
        std::chrono::duration<double>(options.time_limit_s));
    limits_.output_bytes = options.output_limit;
    if (!options.files.empty()) folder_.emplace(options.files);
    if (!options.exec.encoding.empty()) convert("");  // an unknown one is reported at the start
  }

  void serve(const Connection& client) const {
    authenticate_client(client, key_);
    RequestReader requests(client, options_.exec, options_.recv_size);
    while (const auto request = requests.next()) answer(client, *request);
  }

 private:
  void answer(const Connection& client, const std::string& request) const {
    constexpr std::string_view kGet = "get ";
    if (folder_ && request.starts_with(kGet))
      return answer_get(client, request.substr(kGet.size()));
    send_answer(client, framing_, run(request, client));
  }

  void answer_get(const Connection& client, const std::string& path) const {
    ServedFile file;
    try {
      file = folder_->open(path);
    } catch (const Error& error) {
      return send_answer(client, framing_, command_not_run(error.what()));
    }
    send_file(client, file);
  }

  CommandResult run(const std::string& line, const Connection& client) const {
    if (!is_allowed(line, options_.allow)) return command_not_run("not allowed: " + line);
    CommandResult result =
        run_command(line, limits_, [&] { return client_is_gone(client.fd.get()); });
    if (!options_.exec.encoding.empty()) {
      result.out = convert(result.out);
      result.err = convert(result.err);
    }
    return result;
  }

  std::string convert(std::string_view text) const {
    Transcoder transcoder(own_encoding_, options_.exec.encoding);
    std::string converted = transcoder.convert(text);
    return converted += transcoder.finish();
  }

  const ExecServerOptions& options_;
  ExecFraming framing_;
  std::optional<std::string> key_;
  std::optional<ServedFolder> folder_;
  CommandLimits limits_;
  std::string own_encoding_ = terminal_encoding();  // once: setlocale(3) is not for threads
};

void check_usage(const ExecServerOptions& options) {
  check_exec_options(options.exec);
  require_stream(options.address, "exec-server");
  if (!options.files.empty() && options.exec.framing != "json-header")
    throw UsageError("--files needs --framing json-header");
  for (const SocketAddress& address : resolve(options.address)) {
    if (!is_loopback(address) && options.auth_key_file.empty())
      throw UsageError(
          fmt::format("{}: not a loopback address; whoever could connect could run commands: give "
                      "--auth-key-file",
                      to_string(address)));
  }
}

int run(const ExecServerOptions& options) {
  check_usage(options);
  stop_on_signals();
  // Who started us may ignore SIGCHLD, and the kernel would reap the commands with their status.
  signal(SIGCHLD, SIG_DFL);
  const ExecService service(options);
  const Handler handle = [&](const Connection& client) { service.serve(client); };

  Listener listener(options.address, options.socket);
  listener.announce();
  if (options.serve == "sequential") serve_sequentially(listener, handle);
  if (options.serve == "threads") serve_in_threads(listener, handle);
  serve_in_processes(listener, handle);
  return 0;
}

void add_options(CLI::App& app, ExecServerOptions& options) {
  add_server_options(app, options);
  add_exec_options(app, options.exec);
  app.add_option("--files", options.files, "Answer 'get PATH' with a file from below this folder")
      ->check(CLI::ExistingDirectory);
  app.add_option("--allow", options.allow,
                 "Run this command only: a program's name allows it with any plain arguments, "
                 "several words allow exactly that line (may be repeated)")
      ->allow_extra_args(false);
  app.add_option("--time-limit", options.time_limit_s, "Seconds until a command is killed")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  app.add_option("--output-limit", options.output_limit,
                 "Bytes of output after which a command is killed")
      ->check(CLI::Range(1, 1 << 30))
      ->capture_default_str();
  app.add_option("--serve", options.serve, "How to serve many clients: fork is a process for each")
      ->check(CLI::IsMember({"sequential", "threads", "fork"}))
      ->capture_default_str();
}

}  // namespace
}  // namespace wireseam::samples

int main(int argc, char** argv) {
  using namespace wireseam::samples;
  CLI::App app("Runs its clients' commands and answers with their output");
  ExecServerOptions options;
  add_options(app, options);
  return run_program(app, argc, argv, [&] { return run(options); });
}
