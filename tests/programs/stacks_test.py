# SPDX-License-Identifier: Apache-2.0
"""Calls where there is little stack: the tracer's share of it must be small."""

import unittest

from harness import ProgramTest


class SmallStacks(ProgramTest):
    def test_a_thread_with_the_smallest_stack(self):
        self.check_same("small_stacks", "thread")

    def test_a_handler_on_a_small_stack_of_its_own(self):
        self.check_same("small_stacks", "handler")

    def test_coroutines_with_16_kib_each(self):
        trace = self.check_same("small_stacks", "coroutine")
        self.assertEqual(trace.unfinished("recv"), [])
        self.assertEqual(trace.count("connect"), 800)

    def test_exec_from_a_thread_with_the_smallest_stack(self):
        trace = self.check_same("small_stacks", "exec")
        self.assertEqual(trace.count("execv"), 1)

    def test_exec_with_a_large_environment_from_there(self):
        trace = self.check_same("small_stacks", "exec many")
        self.assertEqual(trace.count("execve"), 1)
        self.assertEqual(trace.count("socketpair"), 2)  # the new program is traced, too


if __name__ == "__main__":
    unittest.main()
