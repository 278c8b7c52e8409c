# SPDX-License-Identifier: Apache-2.0
"""Signal handlers that make calls of their own, interrupt calls, or leave them by a jump."""

import signal
import struct
import unittest

from harness import ProgramTest, counts_in


class Signals(ProgramTest):
    def test_calls_nested_in_calls_are_neither_torn_nor_lost(self):
        outcome, trace, folder = self.run_traced("nested", "counts", 50_000)
        self.assertEqual((outcome.status, outcome.stdout), (0, "done\n"))
        self.assertEqual(trace.lost, 0)
        numbers = {}
        for call in trace.finished("send"):
            (number,) = struct.unpack("Q", call.payload())
            numbers.setdefault(call.args["sockfd"], []).append(number)
        sent = [sorted(numbers[fd]) for fd in sorted(numbers)]
        self.assertEqual(sent, [list(range(count)) for count in counts_in(folder / "counts")])

    def test_interrupted_calls_fail_or_are_restarted_as_untraced(self):
        trace = self.check_same("interrupted")
        failed = [call.name for call in trace.calls if call.errno == "EINTR"]
        kinds = ["recv", "read", "poll", "select", "accept", "epoll_wait", "poll", "epoll_wait"]
        self.assertEqual(failed, kinds)

    def test_what_the_group_is_sent_comes_once_and_leaves_the_tracer_alone(self):
        names = ("SIGSEGV", "SIGABRT", "SIGXCPU", "SIGIO", "SIGPWR", "SIGTTIN", "SIGTTOU", "SIGRTMIN")
        for number in [getattr(signal, name) for name in names]:
            with self.subTest(number):
                trace = self.check_same("group_signal", int(number))
                self.assertEqual(trace.count("send"), 1)

    def test_so_does_the_signal_of_a_socket_that_the_group_owns(self):
        self.assertEqual(self.check_same("group_signal").count("send"), 1)


if __name__ == "__main__":
    unittest.main()
