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

    def test_a_file_gets_the_number_of_a_socket_that_stdio_closes(self):
        trace = self.check_same("stdio_socket", told="by stdio")
        self.assertEqual(trace.count("fclose"), 2)
        self.assertEqual(trace.count("write"), 0)
        self.assertEqual(trace.count("freopen"), 1)
        errors = [call.errno for call in trace.finished("send")]
        self.assertEqual(errors, [None, "ENOTSOCK", "ENOTSOCK"])

    def check_number_in_two_tables(self, how):
        """Of the file nothing is recorded, of the socket all is."""
        trace = self.check_same("files_tables", how)
        self.assertEqual(trace.count("read"), 0)
        return trace

    def check_socket_is_kept(self, how):
        trace = self.check_number_in_two_tables(how)
        (pair,) = trace.finished("socketpair")
        (written,) = trace.finished("write")
        self.assertEqual(written.payload(), b"into the socket")
        self.assertEqual(written.socket["id"], pair.new_sockets[0]["id"])
        self.assertEqual([call.args["fd"] for call in trace.finished("close")], [3, 3, 4])

    def test_a_thread_that_unshared_its_descriptors_closes_only_its_own(self):
        for how in ("thread", "syscall", "range"):
            with self.subTest(how=how):
                self.check_socket_is_kept(how)

    def test_so_does_a_child_of_clone_whatever_memory_it_has(self):
        for how in ("wait", "copy"):
            with self.subTest(how=how):
                self.check_socket_is_kept(how)

    def test_a_child_that_shares_the_descriptors_closes_its_parents(self):
        trace = self.check_number_in_two_tables("files")
        self.assertEqual(trace.count("write"), 0)
        self.assertEqual(len({call.pid for call in trace.finished("close")}), 2)

    def test_calls_beside_a_child_in_the_same_memory_are_counted_as_lost(self):
        untraced = self.run_untraced("files_tables", "beside")
        traced, trace, _ = self.run_traced("files_tables", "beside")
        self.assertEqual((traced.status, traced.stdout), (0, untraced.stdout))
        self.assertGreater(trace.lost, 0)
        self.assertIn("calls were lost", traced.stderr)
        self.assertEqual(trace.count("write"), 1)
        self.assertEqual([call.args["fd"] for call in trace.finished("close")], [3, 4])


if __name__ == "__main__":
    unittest.main()
