# SPDX-License-Identifier: Apache-2.0
"""A program that gives up what it may do is traced on, and so is what it executes then."""

import os
import unittest

from harness import ProgramTest


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

    def test_so_is_one_that_is_executed_without_proc(self):
        self.assertEqual(self.steps("hide proc", "exec"), ["begin", "hide proc", "begin"])


if __name__ == "__main__":
    unittest.main()
