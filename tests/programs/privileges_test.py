# SPDX-License-Identifier: Apache-2.0
"""A program that gives up what it may do is traced on, and so is what it executes then."""

import os
import unittest

from harness import PROGRAMS, ProgramTest


@unittest.skipIf(os.geteuid() != 0, "only root has something to give up")
class Privileges(ProgramTest):
    def steps(self, *steps):
        trace = self.check_same("privileges", *steps)
        self.assertEqual(trace.status, 0)
        return [call.payload().decode() for call in trace.finished("send")]

    def test_calls_in_a_chroot_and_as_another_user_are_seen(self):
        steps = ["chroot", "setuid"]
        self.assertEqual(self.steps(*steps), ["begin", *steps])


if __name__ == "__main__":
    unittest.main()
