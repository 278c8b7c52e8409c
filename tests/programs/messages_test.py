# SPDX-License-Identifier: Apache-2.0
"""What was sent and received is recorded as it was, whatever its size and shape."""

import unittest

from harness import ProgramTest


class Messages(ProgramTest):
    def test_messages_larger_than_a_chunk_are_recorded_whole(self):
        trace = self.check_same("large_messages", 500)
        wanted = [f"{number:06}".encode() * 1000 for number in range(500)]
        for name in ("send", "writev"):
            sent = [call.payload() for call in trace.finished(name)]
            self.assertEqual(sent, wanted, name)
        received = [call.payload() for call in trace.finished("recv")]
        self.assertEqual(received[::2], wanted)


if __name__ == "__main__":
    unittest.main()
