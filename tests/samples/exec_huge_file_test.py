# SPDX-License-Identifier: Apache-2.0
"""A file larger than memory, and than 32 bits can count, takes a few megabytes on either side."""

import os
import subprocess
import unittest

from peers import Server, TestCase, program

SIZE = 5 << 30
MEMORY_LIMIT_KB = 32 * 1024
MD5_OF_ZEROS = "ec4bcc8776ea04479b786e063a9ace45"


class HugeFileTest(TestCase):
    def test_5_gib_go_through_in_less_than_32_mib(self):
        folder = self.temporary_directory()
        with open(f"{folder}/huge", "wb") as file:
            file.truncate(SIZE)
        # Threads, so that the server's memory is to be seen in one process.
        options = ("--serve", "threads", "--files", folder)
        with Server("exec-server", *options, "tcp:127.0.0.1:0") as server:
            client = subprocess.Popen(
                [program("exec-client"), server.name, "--get", "huge", "-o", "/dev/null"],
                stderr=subprocess.PIPE,
            )
            with client.stderr:
                stderr = client.stderr.read().decode()
            _, status, usage = os.wait4(client.pid, 0)
            client.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(stderr, f"exec-client: MD5 {MD5_OF_ZEROS}: right\n")
            self.assertEqual(client.returncode, 0)
            self.assertLess(usage.ru_maxrss, MEMORY_LIMIT_KB)
            self.assertLess(server.peak_memory_kb(), MEMORY_LIMIT_KB)


if __name__ == "__main__":
    unittest.main()
