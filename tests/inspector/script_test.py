# SPDX-License-Identifier: Apache-2.0
"""wireseam inspect --script: screens as text, where there is no terminal."""

import pathlib
import subprocess
import tempfile
import unittest

import inspecting
from captures import (
    ETHERNET, QINQ_TYPE, VLAN_TYPE, Captured, conversation, ethernet, pcap, spaced)


class Script(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "small.pcap"
        self.capture.write_bytes(pcap(spaced(conversation())))

    def play(self, *commands, status=0, options=()):
        """The finished process; it has no terminal."""
        result = subprocess.run(
            [inspecting.WIRESEAM, "inspect", self.capture, "--script", "-", *options], check=False,
            input="\n".join(commands), text=True, capture_output=True, start_new_session=True,
            timeout=inspecting.TIME_LIMIT_S)
        self.assertEqual(result.returncode, status, result.stderr)
        return result

    def test_keys_lead_through_the_screens_and_each_is_shown_when_it_is_asked_for(self):
        shown = self.play("# a comment", "", "show", "press Enter", "show").stdout.splitlines()
        self.assertEqual(len(shown), 48)
        self.assertIn("1 connection", shown[1])
        self.assertIn("SYN seq 0", shown[24 + 3])

    def test_a_size_may_be_chosen(self):
        shown = self.play("size 40x12", "show", "size 132x43", "show").stdout.splitlines()
        self.assertEqual(len(shown), 12 + 43)
        self.assertLessEqual(max(map(len, shown[:12])), 40)

    def test_text_is_typed_where_it_is_asked_for(self):
        shown = self.play("press &", "type port 443", "press Enter", "show").stdout
        self.assertIn("0 of 1 connections: port 443", shown)

    def test_keys_of_one_line_are_pressed_without_a_pause(self):
        self.play("press 5", "press 0 6 j", "press Tab \\", "wait Packet  7 at")

    def test_the_same_file_gives_the_same_screens(self):
        script = ["size 132x43"] + [f"press {key}\nshow" for key in "1234567?"]
        self.assertEqual(self.play(*script).stdout, self.play(*script).stdout)

    def test_what_is_waited_for_in_vain_is_an_error_that_shows_the_screen(self):
        result = self.play("show", "wait nowhere", "show", status=1)
        self.assertIn("-:2: the screen does not show 'nowhere', and nothing more will come",
                      result.stderr)
        self.assertEqual(len(result.stdout.splitlines()), 48)

    def test_what_ends_the_program_ends_the_script(self):
        self.assertEqual(self.play("press Q", "show").stdout, "")

    def test_what_was_cut_off_is_unknown_and_not_absent(self):
        headers = [captured.bytes[:40] for captured in spaced(conversation())]
        self.capture.write_bytes(pcap([
            Captured(header, 10**9 + number, len(packet)) for number, (header, packet) in
            enumerate(zip(headers, conversation()))]))
        shown = self.play("size 120x30", "show", "press f", "show").stdout
        self.assertIn("5 of them unknown (cut off)", shown)
        self.assertIn("Unknown (cut off)", shown)
        self.assertNotIn("Nothing was said", shown)

    def test_the_vlan_of_a_connection_is_told(self):
        tagged = [ethernet(packet, tags=(QINQ_TYPE, VLAN_TYPE)) for packet in conversation()]
        self.capture.write_bytes(pcap(spaced(tagged), ETHERNET))
        self.play("wait VLAN 100.101")

    def test_the_selection_is_written_and_the_copied_line_is_told(self):
        kept = self.capture.with_name("kept.pcap")
        shown = self.play("press y", "wait copied:", "press w", f"type {kept}", "press Enter",
                          "show").stdout
        self.assertIn("packets written to", shown)
        self.assertEqual(kept.read_bytes()[:4], b"\x4d\x3c\xb2\xa1")

    def test_mistakes_are_told_with_their_line_before_anything_is_shown(self):
        for command, message in (
                ("jump", "-:2: 'jump' is none of the commands: size press"),
                ("press Hyper-x", "-:2: behind 'press' comes KEY..., not 'Hyper-x'"),
                ("size 80", "-:2: behind 'size' comes COLUMNSxROWS, not '80'"),
                ("limit soon", "-:2: behind 'limit' comes SECONDS"),
                ("wait", "-:2: behind 'wait' comes TEXT"),
                ("show me", "-:2: behind 'show' comes nothing, not 'me'")):
            result = self.play("show", command, status=1)
            self.assertEqual(result.stdout, "")
            self.assertIn(message, result.stderr)

    def test_a_report_is_another_thing(self):
        self.assertIn("goes without --text", self.play(status=2, options=["--json"]).stderr)


if __name__ == "__main__":
    inspecting.run_tests()
