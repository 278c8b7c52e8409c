#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of the project's own scripts and documents.

    WIRESEAM_BUILD=build/dev tests/project_test.py
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def output_of(*command, **options):
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=60, **options
    ).stdout


def is_running(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


class Contain(unittest.TestCase):
    """.ci/contain, under which the checks run."""

    def contain(self, script, **options):
        command = [ROOT / ".ci/contain", "bash", "-c", script]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)

    def test_a_daemon_dies_with_the_command_that_started_it(self):
        with self.contain("setsid bash -c 'sleep 1000 & echo $!'; exit 7") as process:
            pid = int(process.stdout.read())
        self.assertEqual(process.returncode, 7)
        self.assertFalse(is_running(pid))

    def test_all_die_when_it_is_terminated(self):
        with self.contain("setsid sleep 1000 & echo $!; wait") as process:
            pid = int(process.stdout.readline())
            process.terminate()
        self.assertEqual(process.returncode, 128 + 15)
        self.assertFalse(is_running(pid))

    def test_its_folder_for_temporary_files_is_removed(self):
        with self.contain('touch "$TMPDIR/file"; echo "$TMPDIR"') as process:
            folder = process.stdout.read().strip()
        self.assertFalse(os.path.exists(folder))

    def test_the_command_has_no_standard_input(self):
        with self.contain("cat", stdin=subprocess.PIPE) as process:
            self.assertEqual(process.stdout.read(), "")


class Documents(unittest.TestCase):
    def test_the_readme_names_the_packages_that_setup_names(self):
        readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
        for distribution in ("fedora", "arch"):
            names = output_of(ROOT / "scripts/setup", "--list", distribution).strip()
            self.assertIn(names, readme.replace("\\ ", ""))

    def test_every_link_to_a_file_leads_to_one(self):
        for document in DOCUMENTS:
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
                with self.subTest(document=document.name, target=target):
                    self.assertTrue((document.parent / target).exists())


class Install(unittest.TestCase):
    def test_what_is_installed_runs_from_anywhere(self):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "DESTDIR": folder}
            install = ("cmake", "--install", os.environ["WIRESEAM_BUILD"], "--prefix", "/usr")
            output_of(*install, env=environment)
            programs = sorted(pathlib.Path(folder, "usr/bin").iterdir())
            self.assertTrue(programs)
            for program in programs:
                with self.subTest(program=program.name):
                    self.assertIn("usage", output_of(program, "--help", cwd="/").lower())


if __name__ == "__main__":
    unittest.main()
