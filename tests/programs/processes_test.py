# SPDX-License-Identifier: Apache-2.0
"""New processes and new programs are traced like the first, and behave as if they were not."""

import collections
import unittest

from harness import ProgramTest

EXEC_WITH_ENVIRONMENT = (
    "execve",
    "execvpe",
    "execle",
    "fexecve",
    "execveat",
    "posix_spawn",
    "posix_spawnp",
)
EXEC_WITHOUT = ("execv", "execvp", "execl", "execlp")


class Processes(ProgramTest):
    def test_parent_and_children_of_fork_lose_nothing(self):
        trace = self.check_same("fork_io", 20, 50)
        by_process = collections.Counter(call.pid for call in trace.finished("send"))
        self.assertEqual(len(by_process), 1 + 2 * 20)
        self.assertEqual(sorted(by_process.values())[:40], [50] * 40)
        self.assertEqual(trace.count("fork"), 40)

    def test_children_of_vfork_work_in_their_parents_memory(self):
        trace = self.check_same("vfork", 20)
        payloads = collections.Counter(call.payload() for call in trace.finished("send"))
        self.assertEqual(payloads, {b"p": 81, b"c": 60, b"g": 20})
        parent = next(call.pid for call in trace.finished("send") if call.payload() == b"p")
        for call in trace.finished("send"):
            self.assertEqual(call.pid == parent, call.payload() == b"p")

    def test_every_exec_is_followed_whatever_the_environment(self):
        for variant in EXEC_WITH_ENVIRONMENT + EXEC_WITHOUT:
            for environment in ("full", "empty", "null", "user"):
                with self.subTest(variant=variant, environment=environment):
                    self.check_exec(variant, environment)

    def check_exec(self, variant, environment):
        trace = self.check_same("exec", variant, environment)
        if (variant, environment) == ("fexecve", "null"):
            self.assertEqual(trace.count("send"), 1)  # fexecve(3) refuses it
        else:
            self.assertEqual(trace.count("send"), 2)
            self.assertEqual(trace.count(variant), 1)

    def test_handlers_of_a_fork_make_calls_on_both_sides(self):
        trace = self.check_same("fork_handlers")
        self.assertEqual([process["cause"] for process in trace.processes], ["start", "fork"])
        parent, child = (process["pid"] for process in trace.processes)
        closed = [(call.pid == parent, call.args["fd"]) for call in trace.finished("close")]
        (pair,) = trace.finished("socketpair")
        first, second = pair.args["sv"]
        self.assertEqual(sorted(closed), [(False, 3), (False, first), (True, second)])
        # The child's end is the one that was made before the fork.
        (sent,) = [call for call in trace.finished("send") if call.pid == child]
        self.assertEqual(sent.socket["id"], pair.new_sockets[1]["id"])

    def test_the_child_of_daemon_is_seen_before_its_first_call(self):
        trace = self.check_same("fork_handlers", "daemon")
        self.assertEqual([process["cause"] for process in trace.processes], ["start", "fork"])

    def test_daemons_are_followed_to_their_ends_also_when_they_call_late(self):
        outcome, trace, _ = self.run_traced("daemons", 40)
        self.assertEqual(outcome.status, 0)
        daemons = {call.pid for call in trace.finished("send")}
        self.assertEqual(len(daemons), 40)
        # One that init has reaped before we looked at it ended nobody knows how.
        self.assertLessEqual({trace.exits[pid]["signal"] for pid in daemons}, {"SIGUSR1", None})

    def test_a_child_is_followed_although_the_environment_was_cleared(self):
        for how in ("system", "popen", "spawn"):
            with self.subTest(how=how):
                trace = self.check_same("cleared", how)
                self.assertEqual([call.payload() for call in trace.finished("send")], [b"child"])

    def test_it_is_said_where_another_thread_could_see_the_environment(self):
        for how in ("system", "popen"):
            with self.subTest(how=how):
                told = "by system or popen can't be followed"
                trace = self.check_same("cleared", how, "thread", told=told)
                self.assertEqual(trace.count(how), 1)

    def test_a_pid_namespace_is_followed(self):
        trace = self.check_same("pid_namespace")
        if trace.status == 77:
            self.skipTest("making a PID namespace needs CAP_SYS_ADMIN")
        self.assertEqual(sorted(trace.count_by_thread("send").values()), [1000] * 3)


if __name__ == "__main__":
    unittest.main()
