# SPDX-License-Identifier: Apache-2.0
"""What was sent and received is recorded as it was, whatever its size and shape."""

import unittest

from harness import PROGRAMS, ProgramTest, run
from same_lines import STRACE, WIRESEAM, strace_is_usable


class Messages(ProgramTest):
    def test_messages_larger_than_a_chunk_are_recorded_whole(self):
        trace = self.check_same("large_messages", 500)
        wanted = [f"{number:06}".encode() * 1000 for number in range(500)]
        for name in ("send", "writev"):
            sent = [call.payload() for call in trace.finished(name)]
            self.assertEqual(sent, wanted, name)
        received = [call.payload() for call in trace.finished("recv")]
        self.assertEqual(received[::2], wanted)

    def test_flags_that_change_what_a_result_means(self):
        trace = self.check_same("message_flags")
        peeked = [call for call in trace.finished("recv") if "MSG_PEEK" in call.args["flags"]]
        self.assertEqual([call.payload() for call in peeked[:2]], [b"hel", b"hello"])
        self.assertEqual([call.event.get("bytes") for call in peeked], [None] * 3)
        truncated = [call for call in trace.finished("recv") if "MSG_TRUNC" in call.args["flags"]]
        moved = [call.event["bytes"] for call in truncated if call not in peeked]
        self.assertEqual(moved, [4, 3, 4, 0])
        errors = [call.errno for call in trace.finished("recv")]
        self.assertEqual(errors.count("EAGAIN"), 1)

    def test_what_was_sent_without_copying_is_told_on_the_error_queue(self):
        trace = self.check_same("message_flags")
        (sent,) = [call for call in trace.finished("send") if "MSG_ZEROCOPY" in call.args["flags"]]
        self.assertEqual(sent.payload(), b"z" * 20_000)
        told = trace.finished("recvmsg")[-1]
        (control,) = told.args["msg"]["msg_control"]
        self.assertEqual(control["cmsg_type"], "IP_RECVERR")
        self.assertEqual(told.event.get("bytes"), None)

    @unittest.skipUnless(strace_is_usable(), "no strace 6.1 that may trace")
    def test_the_headers_of_many_messages_cost_one_system_call(self):
        seen = self.new_folder() / "seen"
        strace = [*STRACE, "-f", "-o", seen, "-e", "trace=process_vm_readv"]
        command = [*strace, *WIRESEAM, "-o", "/dev/null", PROGRAMS / "heap_messages"]
        outcome = run(command, self.new_folder())
        self.assertEqual(outcome.stdout, "sendmmsg = 50\nrecvmmsg = 50\n")
        self.assertEqual(seen.read_text().count("process_vm_readv("), 1)


if __name__ == "__main__":
    unittest.main()
