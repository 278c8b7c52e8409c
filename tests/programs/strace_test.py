# SPDX-License-Identifier: Apache-2.0
"""The same program under strace and under wireseam: with --as syscall the lines are the same."""

import difflib
import re
import unittest

from harness import PROGRAMS, ProgramTest, run
from same_lines import STRACE, WIRESEAM, strace_is_usable

# What a program that has sockets only does with them alone; strace shows close and read of libc's
# own files, too.
CALLS = """socket socketpair bind listen accept accept4 connect getsockname getpeername getsockopt
setsockopt shutdown sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg readv writev preadv2 dup2 dup3 fcntl
ioctl sendfile poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait
close_range""".split()

# What differs from run to run, and what stands in its place.
CHANGING = [
    (r"^\d+ +", ""),
    (r"0x[0-9a-f]{6,}", "POINTER"),
    (r"htons\([1-9]\d{3,}\)", "htons(PORT)"),
    (r"left \{tv_sec=\d+, tv_nsec=\d+\}", "left TIME"),
    (r"\bpid=\d+", "pid=PID"),
    (r" +=", " ="),
]


def lines_of(file):
    lines = []
    for line in file.read_text().splitlines():
        for pattern, replacement in CHANGING:
            line = re.sub(pattern, replacement, line)
        lines.append(line)
    return lines


@unittest.skipUnless(strace_is_usable(), "no strace 6.1 that may trace")
class SameLinesAsStrace(ProgramTest):
    maxDiff = None

    def lines(self, tracer, program, options, calls):
        output = self.new_folder() / "trace"
        selected = "trace=" + ",".join(calls)
        command = [*tracer, "-f", "-o", output, "-e", selected, *options, PROGRAMS / program]
        outcome = run(command, self.new_folder())
        self.assertEqual(outcome.status, 0, outcome.stderr)
        return lines_of(output)

    def check_same_lines(self, program, *options, calls=CALLS):
        strace = self.lines(STRACE, program, options, calls)
        ours = self.lines(WIRESEAM, program, options, calls)
        if "execve" in calls:  # of the program itself
            del strace[0]
        self.assertGreater(len(strace), 20)
        difference = "\n".join(difflib.unified_diff(strace, ours, "strace", "wireseam", n=0))
        self.assertEqual(difference, "")

    def test_every_kind_of_socket_call(self):
        self.check_same_lines("socket_kinds")

    def test_odd_arguments(self):
        self.check_same_lines("odd_arguments", calls=[*CALLS, "execve", "execveat", "pwritev2"])

    def test_every_kind_of_message(self):
        self.check_same_lines("message_kinds")

    def test_short_strings(self):
        self.check_same_lines("message_kinds", "-s", "4")

    def test_strings_in_hexadecimal(self):
        self.check_same_lines("message_kinds", "-x")
        self.check_same_lines("socket_kinds", "-xx")


if __name__ == "__main__":
    unittest.main()
