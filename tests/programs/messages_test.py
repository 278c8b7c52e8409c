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

    def careful_copies(self, *arguments):
        """How many system calls it took to look at 50 messages sent and 50 received."""
        seen = self.new_folder() / "seen"
        strace = [*STRACE, "-f", "-o", seen, "-e", "trace=process_vm_readv"]
        command = [*strace, *WIRESEAM, "-o", "/dev/null", PROGRAMS / "heap_messages", *arguments]
        outcome = run(command, self.new_folder())
        self.assertEqual(outcome.stdout, "sendmmsg = 50\nrecvmmsg = 50\n")
        return seen.read_text().count("process_vm_readv(")

    @unittest.skipUnless(strace_is_usable(), "no strace 6.1 that may trace")
    def test_messages_on_the_heap_cost_no_system_call(self):
        self.assertEqual(self.careful_copies(), 0)

    @unittest.skipUnless(strace_is_usable(), "no strace 6.1 that may trace")
    def test_what_another_thread_could_free_is_copied_by_few_system_calls(self):
        copies = self.careful_copies("thread")
        self.assertGreater(copies, 2 * 50)  # each one's vector and its buffer, before it is sent
        self.assertLess(copies, 5 * 50)


if __name__ == "__main__":
    unittest.main()
