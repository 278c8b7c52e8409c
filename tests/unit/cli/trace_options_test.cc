// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_options.h"

#include "cli/command_line.h"
#include "tests/unit/catch2.h"
#include "tests/unit/cli/arguments.h"

using namespace wireseam;
using Catch::Matchers::ContainsSubstring;

namespace {

TraceRequest parse(const Arguments& arguments) { return parse_trace(arguments.span()); }

}  // namespace

TEST_CASE("the program's arguments are its own") {
  const TraceRequest request = parse({"-f", "ls", "-o", "x", "--json"});
  CHECK(request.command == std::vector<std::string>{"ls", "-o", "x", "--json"});
  CHECK(request.printed.target.empty());
  CHECK_THROWS_AS(parse({"-f"}), UsageError);
}

TEST_CASE("strace's times of day count their letters") {
  CHECK(parse({"ls"}).printed.text.time_of_day == TimeOfDay::None);
  CHECK(parse({"-t", "ls"}).printed.text.time_of_day == TimeOfDay::Clock);
  CHECK(parse({"-t", "ls"}).printed.text.time_digits == 0);
  CHECK(parse({"-tt", "ls"}).printed.text.time_digits == 6);
  CHECK(parse({"-ttt", "ls"}).printed.text.time_of_day == TimeOfDay::Epoch);
}

TEST_CASE("times have the form and the digits that strace's long options ask for") {
  const auto text = [](const Arguments& arguments) { return parse(arguments).printed.text; };
  CHECK(text({"--absolute-timestamps", "ls"}).time_of_day == TimeOfDay::Clock);
  CHECK(text({"--timestamps=unix,ns", "ls"}).time_of_day == TimeOfDay::Epoch);
  CHECK(text({"--timestamps=unix,ns", "ls"}).time_digits == 9);
  CHECK(text({"--timestamps=precision:ms,format:time", "ls"}).time_digits == 3);
  CHECK(text({"-t", "--timestamps=none", "ls"}).time_of_day == TimeOfDay::None);
  CHECK(text({"-r", "ls"}).relative_digits == 6);
  CHECK(text({"--relative-timestamps=s", "ls"}).relative_digits == 0);
  CHECK(text({"--syscall-times=ns", "ls"}).duration_digits == 9);
  CHECK_THROWS_AS(parse({"--syscall-times=year", "ls"}), UsageError);
  CHECK_THROWS_AS(parse({"--timestamps=unix,utc", "ls"}), UsageError);
}

TEST_CASE("what descriptors bring with them is a level or a set") {
  const auto detail = [](const Arguments& arguments) {
    return parse(arguments).printed.text.descriptors;
  };
  CHECK(detail({"-y", "ls"}) == DescriptorDetail::Socket);
  CHECK(detail({"-yy", "ls"}) == DescriptorDetail::Address);
  CHECK(detail({"--decode-fds", "ls"}) == DescriptorDetail::Socket);
  CHECK(detail({"--decode-fds=dev,socket", "ls"}) == DescriptorDetail::Address);
  CHECK(detail({"-e", "decode-fds=path", "ls"}) == DescriptorDetail::Socket);
  CHECK_THROWS_AS(parse({"--decode-fds=sockets", "ls"}), UsageError);
}

TEST_CASE("what is not to be said is a level or a set") {
  CHECK(parse({"-q", "ls"}).printed.text.show_exits);
  CHECK_FALSE(parse({"-qq", "ls"}).printed.text.show_exits);
  CHECK_FALSE(parse({"--quiet=exit", "ls"}).printed.text.show_exits);
  CHECK(parse({"--quiet=exit", "ls"}).printed.text.show_process_starts);
  CHECK_FALSE(parse({"-e", "q=all", "ls"}).printed.text.show_process_starts);
  CHECK_THROWS_AS(parse({"--quiet=noise", "ls"}), UsageError);
}

TEST_CASE("strings are hexadecimal by level or by word") {
  const auto strings = [](const Arguments& arguments) {
    return parse(arguments).printed.text.hex_strings;
  };
  CHECK(strings({"-x", "ls"}) == HexStrings::NonAscii);
  CHECK(strings({"-x", "-x", "ls"}) == HexStrings::All);
  CHECK(strings({"--strings-in-hex", "ls"}) == HexStrings::All);
  CHECK(strings({"--strings-in-hex=non-ascii", "ls"}) == HexStrings::NonAscii);
}

TEST_CASE("lines in a file name their thread, lines elsewhere where there are several") {
  CHECK(parse({"ls"}).printed.text.thread_prefix == ThreadPrefix::Bracketed);
  CHECK(parse({"-o", "file", "ls"}).printed.text.thread_prefix == ThreadPrefix::Always);
}

TEST_CASE("as much of a buffer is recorded as is shown, unless it is said") {
  CHECK(parse({"ls"}).payload_limit == 32);
  CHECK(parse({"-s", "8", "ls"}).payload_limit == 32);
  CHECK(parse({"-s", "500", "ls"}).payload_limit == 500);
  CHECK(parse({"-s", "500", "--payload", "64", "ls"}).payload_limit == 64);
  CHECK(parse({"--payload", "all", "ls"}).payload_limit == 16 << 20);
  CHECK_THROWS_AS(parse({"--payload", "lots", "ls"}), UsageError);
}

TEST_CASE("a trace that is kept is not printed, unless that was asked for") {
  CHECK(parse({"ls"}).print);
  CHECK_FALSE(parse({"--save", "x.wst", "ls"}).print);
  CHECK(parse({"--save", "x.wst", "-o", "x", "ls"}).print);
}

TEST_CASE("variables are changed in their order") {
  CHECK(parse({"-E", "A=1", "-E", "B", "--env=A=2", "ls"}).environment_changes ==
        std::vector<std::string>{"A=1", "B", "A=2"});
}

TEST_CASE("the tracer may be a grandchild, but in no group of its own") {
  CHECK(parse({"-D", "ls"}).parent == ProgramParent::Caller);
  CHECK(parse({"--daemonize=grandchild", "ls"}).parent == ProgramParent::Caller);
  CHECK_THROWS_AS(parse({"-DD", "ls"}), UsageError);
  CHECK_THROWS_AS(parse({"--daemonize=session", "ls"}), UsageError);
}

TEST_CASE("strace's -ff parts text into files, where there is a file") {
  CHECK(parse({"-ff", "-o", "x", "ls"}).printed.files == Files::OnePerThread);
  CHECK(parse({"-f", "-o", "x", "ls"}).printed.files == Files::One);
  CHECK(parse({"-ff", "ls"}).printed.files == Files::One);
  CHECK_THROWS_AS(parse({"-ff", "-o", "|cat", "ls"}), UsageError);
  CHECK_THROWS_AS(parse({"-ff", "-o", "x", "--json", "ls"}), UsageError);
}

TEST_CASE("what newer straces have is taken, or told why not") {
  CHECK(parse({"-N", "ls"}).printed.text.parameter_names);
  CHECK(parse({"--arg-names", "ls"}).printed.text.parameter_names);
  CHECK(parse({"--always-show-pid", "ls"}).printed.text.thread_prefix ==
        ThreadPrefix::AlwaysBracketed);
  CHECK(parse({"--argv0=x", "ls"}).argv0 == "x");
  CHECK(parse({"--argv0=x", "ls"}).command == std::vector<std::string>{"ls"});
  CHECK_NOTHROW(parse({"--trace-fds=3,4", "ls"}));
  CHECK_NOTHROW(parse({"-e", "trace-fds=3", "ls"}));
  CHECK_NOTHROW(parse({"--decode-fds=eventfd,signalfd", "ls"}));
  CHECK_NOTHROW(parse({"--tips=none", "ls"}));
  for (const char* refused :
       {"--kill-on-exit", "--stack-trace", "--stack-trace=source", "-kk", "--decode-pids=comm",
        "--summary-columns=name,calls", "--syscall-limit=3", "--secontext"}) {
    CAPTURE(refused);
    CHECK_THROWS_WITH(parse({refused, "ls"}),
                      ContainsSubstring("there is no -") && ContainsSubstring(" here: "));
  }
}

TEST_CASE("what strace selects and wireseam doesn't is told, and so is what means nothing") {
  CHECK_NOTHROW(parse({"-e", "trace=%net", "-e", "status=failed", "-e", "fd=3", "ls"}));
  CHECK_NOTHROW(parse({"-e", "signal=none", "-e", "abbrev=none", "--seccomp-bpf", "ls"}));
  CHECK_THROWS_AS(parse({"-e", "inject=all", "ls"}), UsageError);
  CHECK_THROWS_AS(parse({"-e", "signal=SIGINT", "ls"}), UsageError);
  CHECK_THROWS_AS(parse({"-e", "trace=conect", "ls"}), UsageError);
}

TEST_CASE("tables come instead of the calls or behind them, as text") {
  CHECK(parse({"-c", "ls"}).printed.tables == Tables::Only);
  CHECK(parse({"-C", "-S", "calls", "-w", "ls"}).printed.tables == Tables::Behind);
  CHECK(parse({"-c", "-S", "p99", "ls"}).printed.sort == SummaryColumn::P99);
  CHECK(parse({"--save", "x.wst", "-c", "ls"}).print);
  CHECK_THROWS_AS(parse({"-c", "--json", "ls"}), UsageError);
  CHECK_THROWS_AS(parse({"-C", "-ff", "-o", "x", "ls"}), UsageError);
  CHECK_THROWS_AS(parse({"-S", "colour", "ls"}), UsageError);
}
