# SPDX-License-Identifier: Apache-2.0
"""A traced program starts and ends as if it had been started directly."""

import os
import signal
import subprocess
import unittest

from tracing import HELLO, SHIM, WIRESEAM, TestCase, python, run, trace

DESCRIPTORS = "import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))"
STATE = """
import resource, signal
print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
print([signal.getsignal(n) for n in sorted(signal.valid_signals()) if n not in (9, 19, 32, 33)])
print([resource.getrlimit(n) for n in range(15)])
"""


class ExitTest(TestCase):
    def test_the_exit_status_is_the_program_s(self):
        for status in (0, 1, 77, 255):
            self.assertEqual(trace("sh", "-c", f"exit {status}").returncode, status)

    def test_a_program_killed_by_a_signal_looks_killed_by_it(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT):
            self.assertEqual(trace("sh", "-c", f"kill -{int(number)} $$").returncode, -number)

    def test_a_shell_shows_128_and_the_signal(self):
        result = run("sh", "-c", '"$@"; echo $?', "sh", WIRESEAM, "trace", "sh", "-c", "kill -9 $$")
        self.assertEqual(result.stdout, b"137\n")

    def test_a_program_that_is_not_there_ends_with_127(self):
        result = trace("no-such-program")
        self.assertEqual(result.returncode, 127)
        self.assertEqual(
            result.stderr, b"wireseam: cannot run 'no-such-program': No such file or directory\n")

    def test_a_file_that_is_no_program_ends_with_126(self):
        for name, reason in (("/etc/passwd", b"Permission denied"), ("/tmp", b"Is a directory")):
            result = trace(name)
            self.assertEqual(result.returncode, 126)
            self.assertIn(reason, result.stderr)

    def test_a_script_without_its_first_line_is_the_shell_s(self):
        script = self.temporary_folder() / "script"
        script.write_text("exit $1\n")
        script.chmod(0o755)
        self.assertEqual(trace(str(script), "5").returncode, 5)


class InheritanceTest(TestCase):
    def assert_same(self, command, **options):
        untraced = run(*command, **options)
        traced = trace("-o", "/dev/null", *command, **options)
        self.assertEqual(traced.stdout, untraced.stdout)
        self.assertEqual(traced.returncode, untraced.returncode)

    def test_no_descriptor_leaks(self):
        self.assert_same(python(DESCRIPTORS))
        self.assert_same(python(DESCRIPTORS), pass_fds=[os.dup(1)])

    def test_a_closed_standard_descriptor_stays_closed(self):
        for close in ("<&-", "2>&-", "<&- 2>&-"):
            command = f'exec "$@" {close}'
            script = "[ -e /proc/$$/fd/0 ]; echo $?; [ -e /proc/$$/fd/2 ]; echo $?"
            untraced = run("sh", "-c", command, "sh", "sh", "-c", script)
            traced = run("sh", "-c", command, "sh", WIRESEAM, "trace", "-o", "/dev/null", "sh", "-c", script)
            self.assertEqual(traced.stdout, untraced.stdout)

    def test_signals_and_limits_are_untouched(self):
        self.assert_same(python(STATE))

    def test_an_ignored_signal_stays_ignored(self):
        self.assert_same(("sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh", *python(STATE)))

    def test_stdin_is_the_program_s(self):
        result = trace("-o", "/dev/null", "cat", input=b"for the program")
        self.assertEqual(result.stdout, b"for the program")


class EnvironmentTest(TestCase):
    def environment(self, *options, **variables):
        result = trace("-o", "/dev/null", *options, "env", env={**os.environ, **variables})
        return dict(line.split("=", 1) for line in result.stdout.decode().splitlines() if "=" in line)

    def test_a_preloaded_library_of_the_user_is_kept_behind_ours(self):
        theirs = self.compiled("int unused;", "-shared", "-fPIC")
        found = self.environment(LD_PRELOAD=theirs)
        self.assertEqual(found["LD_PRELOAD"], f"{os.path.realpath(SHIM)}:{theirs}")

    def test_variables_are_set_and_removed(self):
        found = self.environment("-E", "ADDED=1 2", "-E", "REMOVED", REMOVED="x", KEPT="y")
        self.assertEqual((found["ADDED"], found["KEPT"]), ("1 2", "y"))
        self.assertNotIn("REMOVED", found)

    def test_a_program_with_an_empty_environment_is_traced(self):
        result = trace("env", "-i", *python(HELLO))
        self.assertIn(b'"hello", 5, 0)', result.stderr)

    def test_a_shim_in_a_folder_with_spaces_and_colons_is_found(self):
        folder = self.temporary_folder() / "a b:c$LIB"
        for source, name in ((WIRESEAM, "bin/wireseam"), (SHIM, "lib/libwireseam-shim.so")):
            target = folder / name
            target.parent.mkdir(parents=True)
            subprocess.run(["cp", source, target], check=True)
        temporary = self.temporary_folder()
        result = run(str(folder / "bin/wireseam"), "trace", *python(HELLO),
                     env={**os.environ, "TMPDIR": str(temporary)})
        self.assertIn(b'"hello", 5, 0)', result.stderr)
        self.assertEqual(list(temporary.iterdir()), [])

    def test_without_its_shim_wireseam_says_so(self):
        folder = self.temporary_folder()
        subprocess.run(["cp", WIRESEAM, folder / "wireseam"], check=True)
        result = run(str(folder / "wireseam"), "trace", "true")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"cannot find the shim", result.stderr)


if __name__ == "__main__":
    unittest.main()
