# SPDX-License-Identifier: Apache-2.0
"""Programs that shut themselves into seccomp(2): no call of ours may kill them."""

import unittest

from harness import ProgramTest


class Sandboxes(ProgramTest):
    def test_strict_mode_ends_the_trace_and_not_the_program(self):
        trace = self.check_same("sandbox", "strict")
        self.assertEqual(trace.status, 0)
        self.assertEqual(trace.count("recv"), 1)

    def test_a_filter_that_kills_leaves_the_trace_whole_however_full_the_region(self):
        trace = self.check_same("sandbox", "filter")
        self.assertEqual(trace.status, 0)
        self.assertEqual(trace.count("send"), 20_001)
        self.assertEqual(trace.count("recv"), 20_001)
        self.assertEqual({call.payload() for call in trace.finished("recv")}, {b"hello"})

    def test_asking_the_kernel_for_seccomp_is_not_using_it(self):
        trace = self.check_same("sandbox", "probe")
        self.assertEqual(sorted(trace.count_by_thread("recv").values()), [1, 100])


if __name__ == "__main__":
    unittest.main()
