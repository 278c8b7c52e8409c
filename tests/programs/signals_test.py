# SPDX-License-Identifier: Apache-2.0
"""Signal handlers that make calls of their own, interrupt calls, or leave them by a jump."""

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


if __name__ == "__main__":
    unittest.main()
