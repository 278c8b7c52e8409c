# SPDX-License-Identifier: Apache-2.0
"""The shared region belongs to the traced program, docs/trust.md: a process in it that writes there
what it likes harms neither the tracer nor the other traced processes, and that is said."""

import os
import subprocess
import unittest

from harness import PROGRAMS, WIRESEAM, ProgramTest, run, skipping_without

SEEDS = int(os.environ.get("WIRESEAM_SEEDS", "2"))
DAMAGE = "wireseam: the traced program damaged the trace: "
IN_A_PID_NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc"]


class Trust(ProgramTest):
    def test_the_program_goes_on_and_the_damage_is_told_once(self):
        for seed in range(1, SEEDS + 1):
            with self.subTest(seed=seed):
                folder = self.new_folder()
                trace = folder / "calls.wst"
                command = [PROGRAMS / "scribble", seed, 500]
                saving = [WIRESEAM, "trace", "--save", trace, "-o", "/dev/null"]
                traced = run([*saving, *command], self.new_folder())
                self.assertEqual((traced.status, traced.stdout), (7, "scribbled: 0\n"))
                self.assertEqual(traced.stderr.count(DAMAGE), 1, traced.stderr)
                exported = run([WIRESEAM, "export", trace, "-o", folder / "out"], folder)
                self.assertEqual((exported.status, exported.stderr), (0, ""))
                self.assertIn("damaged the trace", (folder / "out").read_text())

    def need_pid_namespaces(self):
        if os.geteuid() != 0:
            self.skipTest("only root makes a PID namespace with a /proc of its own")
        with skipping_without("unshare", "is needed to make a PID namespace"):
            possible = subprocess.run([*IN_A_PID_NAMESPACE, "true"], capture_output=True, text=True)
        if possible.returncode != 0:
            self.skipTest(possible.stderr)

    def test_pids_of_a_namespace_below_are_told_as_the_tracer_knows_them(self):
        self.need_pid_namespaces()
        outcome, trace, _ = self.run_traced(
            "/usr/bin/env", *IN_A_PID_NAMESPACE, PROGRAMS / "threads", 2, 10_000
        )
        self.assertEqual((outcome.status, outcome.stderr), (0, ""))
        below = [process for process in trace.processes if process["process_name"] == "threads"]
        self.assertEqual(len(below), 1)
        calls = [call for call in trace.finished("send") if call.pid == below[0]["pid"]]
        self.assertEqual(len(calls), 20_000)
        program = trace.processes[0]["pid"]
        self.assertTrue(all(call.tid > program for call in calls), {call.tid for call in calls})
        self.assertEqual(trace.exits[below[0]["pid"]]["exit_code"], 0)

    def test_the_trace_of_a_namespace_ends_with_it_however_short_its_programs_live(self):
        self.need_pid_namespaces()
        many = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do /bin/true; done"
        outcome, _, _ = self.run_traced("/usr/bin/env", *IN_A_PID_NAMESPACE, "sh", "-c", many)
        self.assertEqual((outcome.status, outcome.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
