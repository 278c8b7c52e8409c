# SPDX-License-Identifier: Apache-2.0
"""Whatever pointer a program gives to a call, it gets the answer of an untraced run."""

import unittest

from harness import ProgramTest


class Pointers(ProgramTest):
    def check_stack(self, stack):
        trace = self.check_same("bad_pointers", stack)
        self.assertGreater(trace.count("bind"), 11)

    def test_bad_pointers_get_the_answer_of_an_untraced_run(self):
        self.check_stack("main")

    def test_so_they_do_in_a_thread(self):
        self.check_stack("thread")

    def test_so_they_do_on_a_stack_that_the_program_made(self):
        self.check_stack("coroutine")


if __name__ == "__main__":
    unittest.main()
