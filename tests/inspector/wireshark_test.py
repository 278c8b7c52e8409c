# SPDX-License-Identifier: Apache-2.0
"""The names that Wireshark gives to packets are the same as tshark's, packet by packet."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import inspecting
import tshark

SEEDS = range(1, 1 + int(os.environ.get("WIRESEAM_WIRESHARK_SEEDS", "2")))


@unittest.skipIf(tshark.lacks(), tshark.lacks())
class SimulatedCaptures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "simulated.pcap"

    def simulate(self, seed):
        subprocess.run(
            [inspecting.TESTS / "simulated_capture", str(seed), self.capture],
            check=True, timeout=inspecting.TIME_LIMIT_S)

    def test_every_packet_has_the_names_and_numbers_that_tshark_gives_it(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.simulate(seed)
                found = tshark.differences(self.capture)
                self.assertFalse(found[:1], tshark.summary(found))

    def test_every_conversation_has_its_completeness_and_round_trip(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.simulate(seed)
                self.assertEqual(
                    tshark.our_conversations(self.capture), tshark.conversations(self.capture))


if __name__ == "__main__":
    inspecting.run_tests()
