# SPDX-License-Identifier: Apache-2.0
"""Calls before main and after it, and libraries that are loaded before, behind or past the shim."""

import os
import unittest

from harness import PROGRAMS, SHIM, ProgramTest

LIBRARY = PROGRAMS / "lifetime_library.so"
PRELOADING = ["-E", f"LD_PRELOAD={LIBRARY}"]  # for the program alone, not for the tracer


def texts_sent(trace):
    return [call.payload().decode() for call in trace.finished("send")]


class Loading(ProgramTest):
    def test_calls_at_every_moment_of_a_program_are_seen_in_their_order(self):
        trace = self.check_same("lifetime", LIBRARY)
        begin = ["preinit", "early constructor", "constructor", "main"]
        library = ["library constructor", "library destructor"]
        end = ["on_exit", "atexit", "destructor", "last destructor"]
        self.assertEqual(texts_sent(trace), 2 * (begin + library) + end)
        self.assertEqual(trace.count("execl"), 1)

    def test_a_library_that_the_user_preloads_is_loaded_and_seen_too(self):
        environment = {**os.environ, "LD_PRELOAD": str(LIBRARY)}
        untraced = self.run_untraced("lifetime", LIBRARY, env=environment)
        traced, trace, _ = self.run_traced("lifetime", LIBRARY, tracing=PRELOADING)
        self.assertEqual(traced, untraced)
        texts = texts_sent(trace)
        # dlopen finds it there.
        self.assertEqual(texts.count("library constructor"), 2)
        self.assertEqual(texts.count("library destructor"), 1)

    def test_the_program_sees_the_users_preload_behind_ours(self):
        traced, _, _ = self.run_traced("/usr/bin/printenv", "LD_PRELOAD", tracing=PRELOADING)
        self.assertIn(f"{SHIM}:{LIBRARY}\n", traced.stdout)

    def test_libraries_that_bind_past_the_shim_do_no_harm(self):
        trace = self.check_same(
            "loading",
            PROGRAMS / "loaded_library.so",
            told="loads a library whose calls pass by the shim",
        )
        self.assertNotIn("from the library", texts_sent(trace))
        received = [call.payload() for call in trace.finished("recv")]
        self.assertEqual(received, [b"from the l"] * 2)

    def test_what_dlerror_has_to_say_is_the_programs(self):
        trace = self.check_same("dlerror")
        self.assertEqual(trace.count("send"), 1)

    def test_a_program_with_its_own_malloc_is_called_by_no_call_of_ours(self):
        trace = self.check_same("own_malloc")
        self.assertGreaterEqual(texts_sent(trace).count("malloc"), 1)
        self.assertEqual(texts_sent(trace).count("bytes"), 100)


if __name__ == "__main__":
    unittest.main()
