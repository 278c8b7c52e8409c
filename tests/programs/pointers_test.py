# SPDX-License-Identifier: Apache-2.0
"""Whatever pointer a program gives to a call, it gets the answer of an untraced run."""

import os
import unittest

from harness import PROGRAMS, ProgramTest


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

    def test_so_they_do_where_a_page_of_its_own_was_taken_away(self):
        for way in ("stack", "stack-guard", "segment-guard", "heap-guard", "heap-end"):
            with self.subTest(way):
                trace = self.check_same("guarded", way)
                self.assertEqual((trace.status, trace.count("send")), (0, 2))

    @unittest.skipUnless((PROGRAMS / "sanitized").exists(), "there is no address sanitizer")
    def test_what_the_address_sanitizer_guards_is_not_read(self):
        unsaid = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0"}
        trace = self.check_same("sanitized", env=unsaid)
        self.assertEqual(trace.count("execve"), 2)


if __name__ == "__main__":
    unittest.main()
