# SPDX-License-Identifier: Apache-2.0
"""Programs that shut themselves, or are shut, into seccomp(2): no call of ours may kill them."""

import unittest

from harness import PROGRAMS, TRACER, ProgramTest, Trace, run

UNSEEN = "a seccomp filter was set before its program was executed"


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

    def run_filtered(self, how):
        """What it printed is as without the tracer, which says why there is no more to see."""
        untraced = self.run_untraced("filtered", how)
        traced, trace, _ = self.run_traced("filtered", how)
        self.assertEqual((traced.status, traced.stdout), (untraced.status, untraced.stdout))
        self.assertEqual(traced.stderr.count(UNSEEN), 1, traced.stderr)
        return trace

    def test_a_program_that_was_executed_under_a_filter_is_left_alone(self):
        self.assertEqual(self.run_filtered("exec").count("recv"), 1)

    def test_a_filter_of_a_vforks_child_leaves_its_parent_traced(self):
        self.assertEqual(self.run_filtered("child").count("recv"), 2)

    def test_a_filter_that_the_tracer_is_under_itself_is_none(self):
        output = self.new_folder() / "trace.json"
        filtered = [PROGRAMS / "filtered", "around"]
        command = [*filtered, *TRACER, "-o", output, PROGRAMS / "filtered", "plain"]
        outcome = run(command, self.new_folder())
        self.assertEqual((outcome.status, outcome.stderr), (0, ""))
        self.assertEqual(Trace(output, outcome.status).count("recv"), 2)


if __name__ == "__main__":
    unittest.main()
