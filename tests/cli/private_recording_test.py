# SPDX-License-Identifier: Apache-2.0
"""A recording is for its owner alone, and holds what its own program sent and received."""

import os
import socket
import subprocess
import time
import unittest

from recording import CONVERSATION, meta, record
from tracing import TIME_LIMIT, WIRESEAM, TestCase, may_capture, python

WHEN_TOLD = CONVERSATION.replace("import socket", "import socket\ninput()") + "input()"


class PrivateRecordingTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_folder() / "rec"

    @unittest.skipUnless(may_capture(), "needs CAP_NET_RAW")
    def test_packets_of_others_are_at_no_time_in_the_recording(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            recorder = subprocess.Popen((WIRESEAM, "record", "-o", str(self.folder), *python(WHEN_TOLD)),
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            self.addCleanup(recorder.kill)
            packets = self.folder / "wire.pcap"
            self.wait_until(packets.exists)
            with socket.create_connection(listener.getsockname()) as client:
                client.sendall(b"not for this recording")
            recorder.stdin.write(b"\n")
            recorder.stdin.flush()
            self.wait_until(lambda: b"hello" in packets.read_bytes())
        self.assertNotIn(b"not for this recording", (self.folder / "wire.pcap").read_bytes())
        self.assertEqual(sorted(os.listdir(self.folder)), ["calls.wst", "meta.json", "wire.pcap"])
        recorder.communicate(b"\n", timeout=TIME_LIMIT)
        capture = meta(self.folder)["capture"]
        self.assertGreater(capture["captured"], capture["kept"])

    def wait_until(self, condition):
        end = time.monotonic() + TIME_LIMIT
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_what_is_recorded_is_for_its_owner_alone_whatever_the_umask(self):
        self.addCleanup(os.umask, os.umask(0))
        done = record("-o", str(self.folder), *python(CONVERSATION))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        modes = {path.name: path.stat().st_mode & 0o777 for path in self.folder.iterdir()}
        self.assertEqual(set(modes.values()), {0o600}, modes)
        self.assertEqual(self.folder.stat().st_mode & 0o777, 0o700)


if __name__ == "__main__":
    unittest.main()
