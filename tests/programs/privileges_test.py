# SPDX-License-Identifier: Apache-2.0
"""A program that gives up what it may do is traced on, and so is what it executes then."""

import os
import shutil
import subprocess
import time
import unittest

from harness import BUILD, PROGRAMS, SHIM, WIRESEAM, ProgramTest, run, skipping_without

STEPS_TO_ANOTHER_USER = [PROGRAMS / "privileges", "setuid", "exec"]
TWENTY_PROGRAMS = "for i in 1 2 3 4 5 6 7 8 9 10; do env true; done; echo done"


@unittest.skipIf(os.geteuid() != 0, "only root has something to give up")
class Privileges(ProgramTest):
    def steps(self, *steps):
        trace = self.check_same("privileges", *steps)
        if trace.status == 77:
            self.skipTest("it may not make a mount namespace")
        self.assertEqual(trace.status, 0)
        return [call.payload().decode() for call in trace.finished("send")]

    def test_calls_in_a_chroot_and_as_another_user_are_seen(self):
        steps = ["chroot", "setuid"]
        self.assertEqual(self.steps(*steps), ["begin", *steps])

    def test_a_program_that_is_executed_as_another_user_is_seen(self):
        self.assertEqual(self.steps("setuid", "exec"), ["begin", "setuid", "begin"])

    def test_the_loader_does_not_complain_where_the_shim_is_out_of_reach(self):
        shut = self.new_folder()
        for file in (WIRESEAM, SHIM):
            copy = shut / file.relative_to(BUILD)
            copy.parent.mkdir()
            shutil.copy(file, copy)
        traced = run([shut / "bin/wireseam", "trace", *STEPS_TO_ANOTHER_USER], self.new_folder())
        self.assertEqual(traced.status, 0)
        self.assertIn("ended before its trace could begin", traced.stderr)
        self.assertNotIn("ld.so", traced.stderr)

    def test_a_region_out_of_reach_costs_no_time(self):
        elsewhere = ["unshare", "--net", "setpriv", "--reuid", "65534", "--clear-groups"]
        with skipping_without("unshare", "it makes a network namespace"):
            if subprocess.run([*elsewhere, "true"], check=False, stderr=subprocess.DEVNULL).returncode:
                self.skipTest("making a network namespace needs CAP_SYS_ADMIN")
        begun = time.monotonic()
        traced = run([WIRESEAM, "trace", *elsewhere, "sh", "-c", TWENTY_PROGRAMS], "/")
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual((traced.status, traced.stdout), (0, "done\n"))

    def test_a_tracer_that_is_gone_costs_no_time(self):
        begun = time.monotonic()
        steps = ["setpriv", "--reuid", "65534", "--clear-groups", "sh", "-c", TWENTY_PROGRAMS]
        traced = run([WIRESEAM, "trace", "sh", "-c", 'kill -KILL "$PPID"; "$@"', "sh", *steps], "/")
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(traced.stdout, "done\n")

    def test_so_is_one_that_is_executed_without_proc(self):
        self.assertEqual(self.steps("hide proc", "exec"), ["begin", "hide proc", "begin"])


if __name__ == "__main__":
    unittest.main()
