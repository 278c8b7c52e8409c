# SPDX-License-Identifier: Apache-2.0
"""Where a trace goes, and what happens when it can't."""

import json
import os
import re
import subprocess
import unittest

from tracing import HELLO, ROOT, TIME_LIMIT, WIRESEAM, TestCase, python, run, trace

SEND = b'"hello", 5, 0)'
MANY = """
import socket, sys
a, b = socket.socketpair()
for i in range(20000):
    a.send(b"hello")
    b.recv(5)
sys.exit(5)
"""
TWO_THREADS = """
import os, socket, threading
a, b = socket.socketpair()
thread = threading.Thread(target=lambda: b.recv(9))
thread.start()
a.send(b"hello")
thread.join()
"""


class TargetTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_folder()
        self.file = self.folder / "trace"

    def test_text_goes_to_stderr_and_leaves_stdout_alone(self):
        result = trace(*python(HELLO + "print('mine')"))
        self.assertEqual(result.stdout, b"mine\n")
        self.assertIn(SEND, result.stderr)

    def test_or_into_a_file_where_each_line_names_its_process(self):
        result = trace("-o", str(self.file), *python(HELLO))
        self.assertEqual(result.stderr, b"")
        for line in self.file.read_text().splitlines():
            self.assertRegex(line, r"^\d+ ")

    def test_a_file_is_begun_anew_or_continued(self):
        for options, ends in (((), 1), ((), 1), (("-A",), 2)):
            trace(*options, "-o", str(self.file), "true")
            self.assertEqual(self.file.read_text().count("+++ exited with 0 +++"), ends)

    def test_a_file_that_cannot_be_opened_stops_all_before_the_start(self):
        result = trace("-o", "/no-such-folder/file", "echo", "started")
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertIn(b"cannot open '/no-such-folder/file'", result.stderr)

    def test_or_to_a_command_that_is_waited_for(self):
        result = trace("-o", f"|sleep 0.2; cat >{self.file}; echo done", *python(HELLO))
        self.assertIn(SEND, self.file.read_bytes())
        self.assertEqual(result.stdout, b"done\n")

    def test_or_to_a_file_for_each_thread(self):
        trace("-ff", "-o", str(self.file), *python(TWO_THREADS))
        texts = [file.read_text() for file in sorted(self.folder.iterdir())]
        self.assertEqual(len(texts), 2)
        self.assertIn('send(3, "hello"', texts[0])
        self.assertIn('recv(4, "hello"', texts[1])

    def test_json_is_an_event_a_line(self):
        result = trace("--json", *python(HELLO))
        events = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertEqual((events[0]["event"], events[-1]["event"]), ("process", "exit"))
        self.assertIn("send", [event.get("call") for event in events])

    def test_tables_come_instead_of_the_calls_or_behind_them(self):
        only = trace("-c", *python(HELLO)).stderr.decode()
        self.assertNotIn('send(', only)
        self.assertRegex(only, r"(?m)^.*\bsend\b")
        both = trace("-C", *python(HELLO)).stderr.decode()
        self.assertLess(both.index('"hello", 5, 0)'), both.index("total"))

    def test_tables_count_what_is_selected(self):
        table = trace("-c", "-e", "trace=send", *python(HELLO)).stderr.decode()
        self.assertIn("send", table)
        self.assertNotIn("recv", table.split("\n\n")[0])

    def test_live_text_comes_while_the_program_runs(self):
        code = HELLO + "input()"
        with subprocess.Popen([WIRESEAM, "trace", *python(code)], stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            while SEND not in process.stderr.readline():
                pass
            process.communicate(b"\n", timeout=TIME_LIMIT)


class FailureTest(TestCase):
    def test_a_full_disk_is_told_once_and_the_program_goes_on(self):
        result = trace("-o", "/dev/full", *python(MANY + ""))
        self.assertEqual(result.returncode, 5)
        failed, lacking = result.stderr.decode().splitlines()
        self.assertEqual(failed, "wireseam: cannot write to '/dev/full': "
                                 "No space left on device; the program goes on, unseen")
        self.assertRegex(lacking, r"^wireseam: \d{4,} calls were not written to the output that failed$")

    def test_so_is_a_full_disk_under_the_trace_file(self):
        result = trace("--save", "/dev/full", *python(MANY))
        self.assertEqual(result.returncode, 5)
        self.assertEqual(result.stderr.count(b"wireseam: "), 2)
        self.assertIn(b"No space left on device", result.stderr)
        self.assertRegex(result.stderr, rb"wireseam: \d{4,} calls were not written to the trace file\n")

    def test_so_is_a_command_that_reads_no_more(self):
        result = trace("-o", "|head -n 1 >/dev/null", *python(MANY))
        self.assertEqual(result.returncode, 5)
        self.assertEqual(result.stderr.count(b"wireseam: "), 2)
        self.assertIn(b"Broken pipe", result.stderr)
        self.assertRegex(result.stderr, rb"\d+ calls were not written to the output that failed\n")

    def test_a_closed_stderr_does_not_end_the_program(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        result = trace(*python(MANY), stderr=write_end)
        os.close(write_end)
        self.assertEqual(result.returncode, 5)

    def test_a_file_size_limit_is_the_program_s_alone(self):
        file = self.temporary_folder() / "trace"
        code = "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE))" + MANY
        result = run("sh", "-c", 'ulimit -Sf 1; exec "$@"', "sh",
                     WIRESEAM, "trace", "-o", str(file), *python(code))
        self.assertEqual((result.returncode, result.stderr), (5, b""))
        self.assertRegex(result.stdout, rb"^\((512|1024), ")


class SaveTest(TestCase):
    def setUp(self):
        self.file = str(self.temporary_folder() / "trace.wst")

    def test_a_saved_trace_is_not_printed(self):
        result = trace("--save", self.file, *python(HELLO))
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))

    def test_what_is_exported_equals_what_was_printed_live(self):
        for live, exported in ((("-e", "trace=all"), ()), (("--json",), ("--to", "json")),
                               (("-ttt", "-T", "-yy"), ("-ttt", "-T", "-yy"))):
            with self.subTest(live=live):
                printed = self.file + ".txt"
                trace(*live, "--save", self.file, "-o", printed, *python(HELLO))
                result = run(WIRESEAM, "export", *exported, "-o", printed + ".2", self.file)
                self.assertEqual((result.returncode, result.stderr), (0, b""))
                with open(printed, "rb") as first, open(printed + ".2", "rb") as second:
                    self.assertEqual(first.read(), second.read())

    def test_the_options_of_an_export_may_follow_its_file(self):
        trace("--save", self.file, *python(HELLO))
        before = run(WIRESEAM, "export", "--to", "json", self.file)
        behind = run(WIRESEAM, "export", self.file, "--to", "json")
        self.assertEqual((behind.returncode, behind.stdout), (0, before.stdout))

    def test_a_trace_can_come_from_a_pipe(self):
        trace("--save", self.file, *python(HELLO))
        with open(self.file, "rb") as file:
            result = run(WIRESEAM, "export", "-", stdin=file)
        self.assertIn(SEND, result.stdout)

    def test_a_trace_that_is_cut_off_is_printed_as_far_as_it_goes(self):
        trace("--save", self.file, *python(HELLO))
        os.truncate(self.file, os.path.getsize(self.file) - 3)
        result = run(WIRESEAM, "export", self.file)
        self.assertIn(SEND, result.stdout)
        self.assertEqual(result.stderr.count(b"\n"), 1)

    def test_a_file_that_is_no_trace_is_told(self):
        for file in ("/etc/passwd", "/dev/null", "/no/such/file", "/"):
            result = run(WIRESEAM, "export", file)
            self.assertEqual((result.returncode, result.stdout), (1, b""))
            self.assertRegex(result.stderr, rb"^wireseam: ")


class UsageTest(TestCase):
    def test_a_mistyped_command_line_ends_with_2(self):
        for command in (("tarce",), ("trace",), ("trace", "--jsno", "ls"), ("trace", "-e"),
                        ("export",), ("export", "--to", "xml", "x"), ("--what",)):
            result = run(WIRESEAM, *command)
            self.assertEqual((result.returncode, result.stdout), (2, b""), command)
            self.assertRegex(result.stderr, rb"^wireseam: .*\n", command)

    def test_help_and_version_go_to_stdout(self):
        for command in ((), ("--help",), ("--version",), ("trace", "--help"), ("export", "-h"),
                        ("trace", "-V")):
            result = run(WIRESEAM, *command)
            self.assertEqual((result.returncode, result.stderr), (0, b""), command)
            self.assertIn(b"wireseam", result.stdout)

    def test_every_option_of_the_help_is_in_the_man_page(self):
        pages = {verb: (ROOT / f"docs/man/wireseam-{verb}.1").read_text("utf-8")
                 for verb in ("trace", "export")}
        pages["export"] += pages["trace"]  # to which it refers
        for verb, page in pages.items():
            options = run(WIRESEAM, verb, "--help").stdout.decode()
            for name in re.findall(r"(?<![\w-])--?([\w-]+)", options):
                with self.subTest(verb=verb, name=name):
                    self.assertTrue(name in ("h", "help") or re.search(
                        rf"Fl -?{re.escape(name)}\b", page))


class WaitingTest(TestCase):
    def test_where_a_program_hangs_is_shown_while_it_hangs(self):
        program = python("import socket\na, b = socket.socketpair()\nb.recv(9)")
        tracer = subprocess.Popen([WIRESEAM, "trace", *program], stderr=subprocess.PIPE)
        self.addCleanup(tracer.communicate)
        self.addCleanup(tracer.kill)
        for line in tracer.stderr:
            if line.startswith(b"recv"):
                break
        self.assertRegex(line, rb"recv(from)?\(\d+,  <unfinished \.\.\.>\n$")
        tracer.terminate()
        self.assertIn(b" resumed>", tracer.stderr.readline())


if __name__ == "__main__":
    unittest.main()
