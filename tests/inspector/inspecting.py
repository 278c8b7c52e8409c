# SPDX-License-Identifier: Apache-2.0
"""Runs wireseam inspect on a capture, for tests."""

import json
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WIRESEAM_BUILD", ROOT / "build/dev"))
WIRESEAM = BUILD / "bin/wireseam"
TESTS = BUILD / "tests"
SKIPPED = 77  # the exit status that ctest takes for "skipped"
TIME_LIMIT_S = 120


def run(capture, *options):
    """The finished process; what it printed is text."""
    return subprocess.run(
        [WIRESEAM, "inspect", capture, *options],
        check=False, capture_output=True, text=True, timeout=TIME_LIMIT_S)


def inspect(capture, *options):
    """The lines of --json, as objects."""
    result = run(capture, "--json", *options)
    result.check_returncode()
    return [json.loads(line) for line in result.stdout.splitlines()]


def run_tests():
    """unittest's main, but a program of which all was skipped says so with its exit status."""
    result = unittest.main(exit=False, verbosity=2).result
    if not result.wasSuccessful():
        raise SystemExit(1)
    if result.skipped and len(result.skipped) == result.testsRun:
        raise SystemExit(SKIPPED)
