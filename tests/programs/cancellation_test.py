# SPDX-License-Identifier: Apache-2.0
"""Threads that are cancelled in a call, and calls that are left by a jump."""

import unittest

from harness import ProgramTest


class Cancellation(ProgramTest):
    def test_a_cancelled_thread_cleans_up_and_leaves_its_call_unfinished(self):
        trace = self.check_same("cancel")
        for name in ("recv", "accept", "poll", "connect", "recvmsg", "epoll_wait"):
            with self.subTest(call=name):
                self.assertEqual(len(trace.unfinished(name)), 1)


class LeftCalls(ProgramTest):
    # More of them than the region has room for if each kept its chunk.
    def check_left(self, *how):
        tracing = ["-e", "status=unfinished"]
        trace = self.check_same("left_calls", 15_000, 50, *how, tracing=tracing)
        self.assertGreater(len(trace.unfinished("recv")), 10_000)
        self.assertEqual(trace.unfinished("send"), [])

    def test_calls_that_were_left_by_a_jump_take_no_room(self):
        self.check_left()

    def test_nor_do_those_left_from_a_handler_with_its_own_stack(self):
        self.check_left("alternate")


if __name__ == "__main__":
    unittest.main()
