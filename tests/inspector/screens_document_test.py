# SPDX-License-Identifier: Apache-2.0
"""docs/screens.md shows what wireseam inspect shows: each of its screens is played. With
WIRESEAM_WRITE_DOCS=1 they are written anew first, to be reviewed."""

import os
import pathlib
import re
import struct
import subprocess
import unittest

import inspecting
from captures import ACK, PSH, Talk, ipv4, pcap, spaced, udp, UDP

DOCS = inspecting.ROOT / "docs"
DOCUMENT = DOCS / "screens.md"
EXAMPLE = DOCS / "example.pcap"

WRITING = bool(os.environ.get("WIRESEAM_WRITE_DOCS"))

# A screen of the document, of the example capture or something else: the keys that lead to it and,
# where it isn't shown whole, its rows.
SCREEN = re.compile(r"<!-- screen(?: of (?P<of>[^:\n]+))?: (?P<keys>[^;\n]*?)(?:; rows (?P<first>\d+)-(?P<last>\d+))? -->"
                    r"\n\n(?P<text>(?:    .*\n|\n)+?)(?=\n*\S)")


def frame(filename, body):
    header = f'{{"total_size": {len(body)}, "filename": "{filename}"}}'.encode()
    return struct.pack("<i", len(header)) + header + body


def example():
    """A client that asks for files, and a server whose answers are cut as they come."""
    talk = Talk((40000, 8080)).open()
    talk.say(0, frame("hello.txt", b""))
    talk.segment(1, ACK)
    answer = frame("hello.txt", b"Hello, world.\n")
    talk.say(1, answer[:20]).say(1, answer[20:])
    talk.segment(0, ACK)
    talk.say(0, frame("a.txt", b"") + frame("b.txt", b""))
    both = frame("a.txt", b"first\n") + frame("b.txt", b"second\n")
    talk.say(1, both)
    talk.segment(1, ACK | PSH, both, seq=talk.next[1] - len(both))
    talk.segment(0, ACK).close()
    datagram = ipv4(udp(b"a datagram", ports=(40000, 5353)), protocol=UDP)
    return pcap(spaced([*talk.packets, datagram]))


def screen(of, keys):
    script = f"press {keys}\nshow\n" if keys else "show\n"
    return subprocess.run(
        [inspecting.WIRESEAM, "inspect", of or EXAMPLE.name, "--script", "-"], cwd=DOCS, check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"}, input=script, text=True, stdout=subprocess.PIPE,
        timeout=inspecting.TIME_LIMIT_S).stdout.splitlines()


def played(match):
    """The part of the document with the screen as it is."""
    rows = screen(match["of"], match["keys"])
    if match["first"]:
        rows = rows[int(match["first"]) - 1:int(match["last"])]
    text = "".join(f"    {row}".rstrip() + "\n" for row in rows)
    return match[0].replace(match["text"], text.rstrip("\n") + "\n")


class ScreensDocument(unittest.TestCase):
    def setUp(self):
        self.maxDiff = None
        if WRITING:
            EXAMPLE.write_bytes(example())

    def test_its_capture_is_what_is_written_here(self):
        self.assertEqual(EXAMPLE.read_bytes(), example())

    def test_its_screens_are_those_of_the_program(self):
        if WRITING:
            DOCUMENT.write_text(SCREEN.sub(played, DOCUMENT.read_text("utf-8")), "utf-8")
        text = DOCUMENT.read_text("utf-8")
        self.assertGreaterEqual(len(SCREEN.findall(text)), 5)
        self.assertEqual(text, SCREEN.sub(played, text))


if __name__ == "__main__":
    inspecting.run_tests()
