# SPDX-License-Identifier: Apache-2.0
"""Whatever a program does with the numbers of its descriptors, each call is about the right one."""

import unittest

from harness import ProgramTest

ERRORS_WHEN_CLOSED = {"EBADF"}
ERRORS_WHEN_COVERED = {"ENOTSOCK"}


class Descriptors(ProgramTest):
    def check_all_gone(self, how, errors):
        trace = self.check_same("close_all", how)
        sent_after = [call for call in trace.finished("send") if call.payload() == b"after"]
        self.assertEqual(len(sent_after), 40)
        self.assertEqual({call.errno for call in sent_after}, errors)
        # No call on a file is taken for one on a socket; the numbers serve sockets again.
        self.assertEqual(trace.count("pread"), 0)
        self.assertEqual([call.payload() for call in trace.finished("write")], [b"again"])
        self.assertEqual([call.payload() for call in trace.finished("read")], [b"again"])

    def test_close_range_over_every_descriptor_makes_all_unknown(self):
        self.check_all_gone("close_range", ERRORS_WHEN_CLOSED)

    def test_so_does_its_system_call(self):
        self.check_all_gone("syscall", ERRORS_WHEN_CLOSED)

    def test_so_does_closefrom(self):
        self.check_all_gone("closefrom", ERRORS_WHEN_CLOSED)

    def test_so_does_closing_one_after_the_other(self):
        self.check_all_gone("close", ERRORS_WHEN_CLOSED)

    def test_dup2_of_a_file_over_every_descriptor_makes_all_files(self):
        self.check_all_gone("dup2", ERRORS_WHEN_COVERED)

    def test_a_connection_is_the_same_under_every_number_and_in_every_process(self):
        trace = self.check_same("same_socket")
        (connected,) = trace.finished("connect")
        sent = [call for call in trace.finished("send")]
        self.assertEqual(len(sent), 40 + 1 + 2)
        self.assertEqual(len({call.pid for call in sent}), 2)
        for key in ("cookie", "id", "local", "peer"):
            values = {str(call.socket[key]) for call in sent}
            self.assertEqual(values, {str(connected.socket[key])}, key)
        self.assertEqual(
            sorted(call.event["range"]["end"] for call in sent)[-1],
            sum(len(call.payload()) for call in sent),
        )

    def test_a_file_gets_the_number_of_a_socket_that_stdio_closed(self):
        trace = self.check_same("stdio_socket", told="by stdio")
        self.assertEqual(trace.count("fclose"), 2)
        self.assertEqual(trace.count("write"), 0)
        self.assertEqual([call.errno for call in trace.finished("send")], [None, "ENOTSOCK"])


if __name__ == "__main__":
    unittest.main()
