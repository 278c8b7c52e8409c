# SPDX-License-Identifier: Apache-2.0
"""Small limits: the program gets as far as it gets untraced, and its calls are in the trace."""

import resource
import unittest

from harness import ProgramTest

MEBIBYTE = 1 << 20


def limited(**limits):
    """A preexec_fn that sets soft limits; the tracer needs more and raises its own."""

    def apply():
        for name, value in limits.items():
            kind = getattr(resource, f"RLIMIT_{name}")
            resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))

    return apply


class Limits(ProgramTest):
    def check_limit(self, kind, **options):
        trace = self.check_same("limits", kind, **options)
        self.assertEqual(trace.status, 0)
        self.assertEqual(trace.count("recv"), 1001)
        return trace

    def test_a_program_that_uses_all_its_descriptors_has_as_many(self):
        trace = self.check_limit("nofile")
        self.assertEqual([call.errno for call in trace.finished("socket")][-1], "EMFILE")

    def test_a_program_that_may_write_no_byte_to_a_file(self):
        self.check_limit("fsize")

    def test_a_program_with_little_address_space(self):
        self.check_limit("as")

    def test_an_ordinary_user_may_lock_all_its_memory(self):
        hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
        if 0 <= hard < 8 * MEBIBYTE:  # RLIM_INFINITY is negative here
            self.skipTest(f"it may lock {hard} bytes only")
        self.check_limit("memlock")

    def test_limits_that_were_there_before_the_tracer(self):
        few = limited(NOFILE=8, FSIZE=0, AS=64 * MEBIBYTE)
        self.check_limit("none", preexec_fn=few)


if __name__ == "__main__":
    unittest.main()
