// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_options.h"

#include <algorithm>
#include <string>

#include "cli/command_line.h"
#include "cli/option_parser.h"
#include "cli/print_options.h"

namespace wireseam {
namespace {

constexpr uint64_t kUsualPayload = 32;

struct Recorded {
  std::optional<uint32_t> payload;
};

// As strace's -DD and -DDD would have it, the tracer would leave the group or the session as well.
void set_daemonize(TraceRequest& request, const std::string& place) {
  const bool again = place.empty() && request.parent == ProgramParent::Caller;
  if (again || (!place.empty() && place != "grandchild"))
    throw UsageError("the tracer stays in the process group: -D/--daemonize takes grandchild");
  request.parent = ProgramParent::Caller;
}

void add_start_options(OptionParser& parser, TraceRequest& request) {
  parser.text("-E,--env", "VAR[=VALUE]", "Set or remove a variable of the program",
              [&](const std::string& change) { request.environment_changes.push_back(change); });
  parser.text("-u,--user", "USER", "Run the program, and the tracer, as USER",
              [&](const std::string& user) { request.user = user; });
  parser.text("--argv0", "NAME", "What the program is called by, in place of its path",
              [&](const std::string& name) { request.argv0 = name; });
  parser.level("-D,--daemonize", "", "Let the tracer be the grandchild, not the parent",
               [&](const std::string& place) { set_daemonize(request, place); });
}

void add_tracer_option(OptionParser& parser, TraceRequest& request) {
  parser.choice("--via", {"shim", "strace"}, "Who sees the calls: strace also sees static programs",
                [&](size_t tracer) { request.via = static_cast<Tracer>(tracer); });
}

void add_record_options(OptionParser& parser, TraceRequest& request, Recorded& recorded) {
  parser.text("--save", "FILE.wst", "Keep the trace for 'wireseam export'",
              [&](const std::string& file) { request.save = file; });
  parser.text("--payload", "N|all", "Record N bytes of each buffer (32, or what -s shows)",
              [&](const std::string& text) { recorded.payload = parse_payload(text); });
}

bool asks_to_print(const PrintOptions& options) {
  return !options.target.empty() || options.format == PrintFormat::Json ||
         options.tables != Tables::None;
}

void refuse_what_strace_has(OptionParser& parser) {
  parser.ignore("--seccomp-bpf");  // calls that are not traced cost nothing anyway
  parser.refuse("-p,--attach", "a program is traced from its start");
  parser.refuse("-k,--stack-trace,--stack-traces,--stack-trace-frame-limit",
                "--json names the caller");
  parser.refuse("-i,--instruction-pointer", "--json names the caller");
  parser.refuse("-I,--interruptible", "Ctrl-C goes to the program, and the tracer ends with it");
  parser.refuse("-b,--detach-on", "the whole tree is traced");
  parser.refuse("--kill-on-exit", "the program goes on without the tracer, as it would alone");
  parser.refuse("--syscall-limit", "'| head -n N' stops the printing, and the program goes on");
  parser.refuse("--secontext", "only sockets are told, which have none");
  parser.ignore("--tips");
  parser.refuse("-O,--summary-syscall-overhead", "tracing adds too little to be deducted");
  parser.refuse("-U,--summary-columns", "-c always prints all of its columns");
  parser.refuse("-X,--const-print-style", "constants are shown by their names");
  parser.refuse("-Y,--decode-pids,--pidns-translation", "--json names the program of each process");
}

}  // namespace

uint32_t parse_payload(const std::string& text) {
  if (text == "all") return kWholePayload;
  return static_cast<uint32_t>(parse_number("--payload", text, kWholePayload));
}

TraceRequest parse_trace(std::span<char* const> arguments) {
  TraceRequest request;
  Recorded recorded;
  OptionParser parser("trace [OPTION...] [--] PROGRAM [ARG...]");
  add_print_options(parser, request.printed);
  parser.flag("--json", "JSON Lines instead of text",
              [&] { request.printed.format = PrintFormat::Json; });
  parser.group("Recording");
  add_record_options(parser, request, recorded);
  add_tracer_option(parser, request);
  parser.group("Starting");
  add_start_options(parser, request);
  refuse_what_strace_has(parser);
  request.command = parser.parse(arguments);
  finish_print_options(request.printed);
  if (request.command.empty())
    throw UsageError("which program? Usage: wireseam trace [OPTION...] [--] PROGRAM [ARG...]");
  request.payload_limit = static_cast<uint32_t>(recorded.payload.value_or(
      std::clamp<uint64_t>(request.printed.text.string_limit, kUsualPayload, kWholePayload)));
  request.print = request.save.empty() || asks_to_print(request.printed);
  return request;
}

}  // namespace wireseam
