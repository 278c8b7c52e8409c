# SPDX-License-Identifier: Apache-2.0
"""Other threads, and processes, may do with a call's memory what they like once the kernel is done with it."""

import unittest

from harness import ProgramTest


def message_of(call):
    """The message header that it was given; None where it takes none."""
    return call.args["msgvec"][0]["msg_hdr"] if "msgvec" in call.args else call.args.get("msg")


def begin_of(call):
    """What was sent, up to the first dot."""
    vector = (message_of(call) or {}).get("msg_iov", call.args.get("iov"))
    first = call.args["buf"] if vector is None else vector[0]["iov_base"]
    return first["text"].partition(".")[0] if isinstance(first, dict) else first


class Buffers(ProgramTest):
    def test_what_was_sent_is_seen_though_it_was_overwritten_and_unmapped_during_the_call(self):
        trace = self.check_same("taken_buffers", tracing=["--payload", "100"])
        sent = [call for call in trace.calls if call.args.get("sockfd", call.args.get("fd")) == 3]
        sent = [call for call in sent if call.name not in ("recv", "shutdown")]
        ways = ["send", "sendto", "write", "writev", "pwritev2", "sendmsg", "sendmmsg", "syscall"]
        self.assertEqual([begin_of(call) for call in sent], [f"{w} {i}" for w in ways for i in range(5)])
        for message in filter(None, map(message_of, sent)):
            self.assertEqual(message["msg_control"][0]["cmsg_type"], "SCM_CREDENTIALS")
        for call in trace.finished("sendmmsg"):
            self.assertEqual(call.args["msgvec"][0].get("msg_len", 1 << 20), 1 << 20)

    def test_what_the_kernel_went_by_is_seen_though_it_was_changed_meanwhile(self):
        trace = self.check_same("changed_arguments")
        (readv,) = trace.finished("readv")
        self.assertEqual(readv.payload(), b"readv...")
        (recvmsg,) = trace.finished("recvmsg")
        self.assertEqual(recvmsg.payload(), b"recvmsg.")
        for name in ["poll", "ppoll"]:
            (poll,) = trace.finished(name)
            (item,) = poll.args["fds"]
            self.assertGreater(item["fd"], 0)
            self.assertEqual((item["events"], item["revents"]), (["POLLIN"], ["POLLIN"]))
        self.assertEqual(trace.finished("ppoll")[0].args["tmo_p"]["tv_sec"], 100)
        (select,) = trace.finished("pselect")
        self.assertEqual(len(select.args["readfds"]["before"]), 1)

    def test_the_kernel_takes_32_bits_of_counts_descriptors_and_operations(self):
        trace = self.check_same("wide_counts")
        self.assertEqual([call.args["nfds"] for call in trace.calls if "nfds" in call.args], [1])


if __name__ == "__main__":
    unittest.main()
