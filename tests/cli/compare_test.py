# SPDX-License-Identifier: Apache-2.0
"""`wireseam compare` lays libc's calls beside the kernel's."""

import json
import os
import subprocess
import unittest

from tracing import HELLO, WIRESEAM, TestCase, python, run
from via_strace_test import PAIR_IN_C, THREADS_AND_A_CHILD, strace_may_trace

UNEXPLAINED = 3

SERVER = """\
import socket
s = socket.socket()
s.bind(('127.0.0.1', 0))
s.listen()
print(s.getsockname()[1], flush=True)
conn, addr = s.accept()
while data := conn.recv(1024):
    conn.sendall(data)
conn.close()
"""
CLIENT = """\
import socket, sys
s = socket.socket()
s.connect(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'hello')
s.recv(1024)
s.close()
"""


def compare(*arguments, **options):
    return run(WIRESEAM, "compare", *arguments, **options)


def rows_of(text):
    return [row for row in map(json.loads, text.splitlines()) if row["type"] == "pair"]


def totals_of(text):
    return json.loads(text.splitlines()[-1])


def names(row):
    """The libc call, the system calls, what differs."""
    libc = row["libc"]["name"] if "libc" in row else None
    return libc, [syscall["name"] for syscall in row["syscalls"]], row["difference"]


@unittest.skipUnless(strace_may_trace(), "no strace that may trace")
class CompareProgram(TestCase):
    def rows(self, *command, status=0):
        output = self.temporary_folder() / "comparison"
        result = compare("-o", output, "--json", *command)
        self.assertEqual(result.returncode, status, result.stderr)
        return rows_of(output.read_text())

    def test_each_call_stands_beside_its_system_call(self):
        rows = [names(row) for row in self.rows(*python(HELLO))]
        self.assertIn(("socketpair", ["socketpair"], "same"), rows)
        self.assertIn(("send", ["sendto"], "send is sendto without an address"), rows)
        self.assertIn(("recv", ["recvfrom"], "recv is recvfrom without an address"), rows)

    def test_the_calls_of_the_shim_are_not_shown(self):
        text = json.dumps(self.rows(*python(HELLO)))
        self.assertNotIn("SO_COOKIE", text)
        self.assertNotIn("wireseam", text)

    def test_threads_and_children_are_paired_each_for_itself(self):
        rows = self.rows(*python(THREADS_AND_A_CHILD))
        self.assertEqual(len({row["tid"] for row in rows}), 3)
        self.assertEqual({row["verdict"] for row in rows} - {"same", "different"}, set())

    def test_a_name_is_resolved_inside_libc(self):
        code = "import socket; socket.getaddrinfo('localhost', 80)"
        rows = self.rows(*python(code))
        inside = [row for row in rows if row.get("libc", {}).get("name") == "getaddrinfo"]
        self.assertTrue(inside[0]["difference"].endswith("inside libc: name resolution"), inside)

    def test_a_static_program_is_out_of_sight_and_that_is_said(self):
        rows = self.rows(self.compiled(PAIR_IN_C, "-static"))
        self.assertEqual({row["verdict"] for row in rows}, {"out_of_sight"})
        self.assertIn("static", rows[0]["difference"])

    def test_only_what_differs_is_shown_where_asked(self):
        rows = self.rows("--only", "differing", *python(HELLO))
        self.assertNotIn("same", {row["verdict"] for row in rows})
        self.assertGreaterEqual(len(rows), 2)

    def test_the_summary_has_each_pair_once(self):
        code = HELLO + "for i in range(6): a.send(b'x')\n"
        text = compare("--summary", *python(code)).stderr.decode()
        self.assertRegex(text, r"(?m)^ +7 +send +sendto +send is sendto without an address$")

    def test_a_table_is_as_wide_as_is_asked(self):
        for width in (80, 120, 200):
            lines = compare("--width", str(width), *python(HELLO)).stderr.decode().splitlines()
            self.assertLessEqual(max(map(len, lines)), width)
            self.assertTrue(any("send(3" in line and "sendto(3" in line for line in lines))

    def test_the_end_of_the_program_is_told(self):
        result = compare("sh", "-c", "exit 7")
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"wireseam: the program exited with 7\n", result.stderr)

    def test_without_strace_its_package_is_named(self):
        result = compare("/bin/true", env={**os.environ, "PATH": "/nowhere"})
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"Install the package strace", result.stderr)

    def test_where_strace_may_not_trace_the_reason_is_told(self):
        # Who is traced can't trace itself.
        result = run("strace", "-f", "-o", "/dev/null", WIRESEAM, "compare", "true")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"wireseam: strace could not trace the program\n", result.stderr)
        self.assertIn(b"CAP_SYS_PTRACE", result.stderr)

    def test_a_program_that_is_not_there_ends_with_127(self):
        self.assertEqual(compare("no-such-program").returncode, 127)


@unittest.skipUnless(strace_may_trace(), "no strace that may trace")
class ComparePython(TestCase):
    def run_both(self, *options):
        """What was printed of a server and of its client, two scripts of a tutorial."""
        folder = self.temporary_folder()
        for name, text in (("server.py", SERVER), ("client.py", CLIENT)):
            (folder / name).write_text(text)
        command = [WIRESEAM, "compare", "--api", *options, "-o"]
        interpreter = python("")[0]
        with subprocess.Popen([*command, folder / "server", interpreter, folder / "server.py"],
                              stdout=subprocess.PIPE) as server:
            port = server.stdout.readline().decode().strip()
            client = run(*command, folder / "client", interpreter, folder / "client.py", port)
            self.assertEqual(server.wait(30), 0)
        self.assertEqual(client.returncode, 0, client.stderr)
        return (folder / "server").read_text(), (folder / "client").read_text()

    def operations(self, text):
        return [(row["operation"]["line"], row["operation"]["called"], row["libc"]["name"])
                for row in rows_of(text) if "operation" in row]

    def test_each_operation_stands_beside_its_calls(self):
        server, client = self.run_both("--json")
        self.assertEqual(self.operations(client), [
            (2, "socket.socket", "socket"), (3, "socket.connect", "connect"),
            (4, "socket.sendall", "send"), (5, "socket.recv", "recv"), (6, "socket.close", "close")])
        self.assertEqual(self.operations(server), [
            (2, "socket.socket", "socket"), (3, "socket.bind", "bind"), (4, "socket.listen", "listen"),
            (5, "socket.getsockname", "getsockname"), (6, "socket.accept", "accept4"),
            (6, "socket.accept", "getsockname"), (7, "socket.recv", "recv"),
            (8, "socket.sendall", "send"), (7, "socket.recv", "recv"), (9, "socket.close", "close")])

    def test_the_table_shows_the_lines_of_the_script(self):
        server, _ = self.run_both()
        self.assertRegex(server, r"(?m)^server.py:6 conn, addr = s.accept\(\) +accept4\(3, .* = 4  same$")

    def test_the_environment_s_own_sitecustomize_is_run(self):
        folder = self.temporary_folder()
        (folder / "sitecustomize.py").write_text("print('the original')\n")
        result = compare("--api", *python("print('the script')"),
                         env={**os.environ, "PYTHONPATH": str(folder)})
        self.assertEqual(result.stdout, b"the original\nthe script\n")


@unittest.skipUnless(strace_may_trace(), "no strace that may trace")
class CompareFiles(TestCase):
    def test_logs_of_all_kinds_are_paired_with_the_recording(self):
        for options in ((), ("-t",), ("-tt",), ("-ttt", "-T"), ("-y",), ("-yy", "-r"), ("-i", "-y")):
            with self.subTest(options=options):
                folder = self.temporary_folder()
                run(WIRESEAM, "trace", "--save", folder / "kept.wst", "strace", "-f", *options,
                    "-o", folder / "log", *python(THREADS_AND_A_CHILD))
                result = compare("--json", folder / "kept.wst", folder / "log")
                sends = [names(row) for row in rows_of(result.stdout)
                         if row.get("libc", {}).get("name") in ("send", "recv", "socketpair")]
                self.assertEqual(sorted(sends), [
                    ("recv", ["recvfrom"], "recv is recvfrom without an address"),
                    ("send", ["sendto"], "send is sendto without an address"),
                    ("socketpair", ["socketpair"], "same")])
                self.assertNotIn(b"SO_COOKIE", result.stdout)
                self.assertEqual(totals_of(result.stdout)["unexplained"], 0)
                self.assertEqual(result.returncode, 0)

    def test_the_files_of_each_thread_are_paired(self):
        folder = self.temporary_folder()
        run(WIRESEAM, "trace", "--save", folder / "kept.wst", "strace", "-ff", "-ttt",
            "-o", folder / "log", *python(THREADS_AND_A_CHILD))
        logs = [file for file in folder.iterdir() if file.name.startswith("log.")]
        self.assertEqual(len(logs), 3)
        result = compare("--json", folder / "kept.wst", *logs)
        self.assertEqual(totals_of(result.stdout)["unexplained"], 0, result.stdout)

    def test_a_call_that_the_recording_lacks_is_unexplained(self):
        folder = self.temporary_folder()
        run(WIRESEAM, "trace", "--save", folder / "kept.wst", "strace", "-f",
            "-o", folder / "log", *python(HELLO))
        log = (folder / "log").read_text().splitlines(keepends=True)
        sent = next(i for i, line in enumerate(log) if "sendto" in line)
        log.insert(sent, log[sent].replace("hello", "HELLO"))
        (folder / "log").write_text("".join(log))
        result = compare("--json", folder / "kept.wst", folder / "log")
        self.assertEqual(result.returncode, UNEXPLAINED)
        self.assertIn('sendto(3, \\"HELLO\\"', result.stdout.decode())


if __name__ == "__main__":
    unittest.main()
