# SPDX-License-Identifier: Apache-2.0
"""Programs of another libc: musl's loader puts the shim into them, too."""

import shutil
import subprocess
import unittest

from harness import ROOT, ProgramTest


@unittest.skipUnless(shutil.which("musl-gcc"), "no musl-gcc; 'scripts/setup ci' installs it")
class Musl(ProgramTest):
    def compiled(self, name):
        program = self.new_folder() / name
        source = ROOT / "tests/programs/src" / f"{name}.c"
        options = ["-w", "-D_GNU_SOURCE", f"-I{ROOT}"]
        subprocess.run(["musl-gcc", *options, source, "-o", program], check=True)
        return program

    def check(self, name, *arguments, call="send", count, told=None):
        trace = self.check_same(self.compiled(name), *arguments, told=told)
        self.assertEqual(trace.status, 0)
        self.assertEqual(trace.count(call), count)

    def test_threads_are_seen(self):
        self.check("threads", 8, 100, count=8 * 100)

    def test_children_of_fork_are_seen(self):
        self.check("fork_io", 5, 20, call="fork", count=2 * 5)

    def test_children_of_vfork_are_seen(self):
        self.check("vfork", 5, count=1 + 8 * 5)

    def test_an_executed_program_is_seen(self):
        self.check("privileges", "exec", count=2)

    def test_passed_sockets_and_stdio_are_seen(self):
        self.check("same_socket", count=43)
        self.check("stdio_socket", count=3, told="by stdio")

    def test_a_program_with_its_own_malloc_is_called_by_no_call_of_ours(self):
        trace = self.check_same(self.compiled("own_malloc"))
        self.assertGreaterEqual(trace.count("send"), 100)

    def test_no_error_of_ours_is_left_for_dlerror(self):
        self.check("dlerror", count=1)


if __name__ == "__main__":
    unittest.main()
