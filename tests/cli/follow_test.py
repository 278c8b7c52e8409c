# SPDX-License-Identifier: Apache-2.0
"""wireseam inspect --join as its user runs it: a recording is shown while it goes on."""

import json
import signal
import socket
import subprocess
import unittest

from recording import meta
from tracing import TIME_LIMIT, WIRESEAM, TestCase, may_capture, python, run

needs_capture = unittest.skipUnless(may_capture(), "needs CAP_NET_RAW")

# Prints its port, serves one client, and goes on until its input ends.
SERVER = """
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    connection, _ = listener.accept()
    connection.sendall(connection.recv(99))
    sys.stdin.read()
"""
# Sends a line for each that it reads.
CLIENT = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
    for line in sys.stdin.buffer:
        connection.sendall(line)
"""


class FollowTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_folder() / "recording"

    def start(self, *command):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def record(self, *arguments):
        return self.start(WIRESEAM, "record", *arguments)

    def record_server(self, *options):
        """A recorder of SERVER, and its port."""
        recorder = self.record("-o", str(self.folder), "--framing", "line", *options,
                               *python(SERVER))
        return recorder, recorder.stdout.readline().decode().strip()

    def follow(self, form="--json"):
        """An inspector that follows the recording by now."""
        inspector = self.start(WIRESEAM, "inspect", "--join", str(self.folder), form)
        while b"following" not in (line := inspector.stderr.readline()):
            self.assertNotEqual(line, b"")
        return inspector

    def send(self, process, line):
        process.stdin.write(line)
        process.stdin.flush()

    def until(self, inspector, kind, **values):
        """The first line of that kind with these values."""
        for text in inspector.stdout:
            line = json.loads(text)
            if line["type"] == kind and values.items() <= line.items():
                return line
        return self.fail(f"no {kind}")

    def rest(self, process):
        output, errors = process.communicate(timeout=TIME_LIMIT)
        return output.decode().splitlines(), errors.decode()


class LiveTest(FollowTest):
    @needs_capture
    def test_a_frame_is_shown_with_its_lanes_while_both_programs_go_on(self):
        server, port = self.record_server()
        inspector = self.follow()
        client = self.record("--join", str(self.folder), *python(CLIENT, port))
        self.send(client, b"hello\n")
        frame = self.until(inspector, "frame", direction="to-server")
        self.assertEqual([len(frame[lane]) for lane in ("sends", "parts", "receives")],
                         [1, 1, 1])
        self.assertIsNone(server.poll())
        self.assertIsNone(client.poll())
        for process in (client, server):
            self.rest(process)
        lines, errors = self.rest(inspector)
        self.assertEqual(json.loads(lines[-1])["type"], "summary")
        self.assertIn("2: has joined", errors)
        self.assertEqual(inspector.returncode, 0)

    def test_calls_alone_are_shown_while_the_program_goes_on(self):
        server, port = self.record_server("--calls-only")
        inspector = self.follow()
        with socket.create_connection(("127.0.0.1", int(port))) as client:
            client.sendall(b"hello\n")
            frame = self.until(inspector, "frame", direction="to-server")
            self.assertEqual(len(frame["receives"]), 1)
            self.assertIsNone(server.poll())

    @needs_capture
    def test_the_screens_have_the_calls_while_both_programs_go_on(self):
        server, port = self.record_server()
        client = self.record("--join", str(self.folder), *python(CLIENT, port))
        screens = self.start(WIRESEAM, "inspect", "--join", str(self.folder), "--script", "-")
        self.send(client, b"hello\n")
        screens.stdin.write("limit 30\nwait open\npress Enter 6\nwait recv\n"
                            "press 3\nwait receives  \u251c6\nshow\n".encode())
        shown, errors = self.rest(screens)
        self.assertEqual(errors, "")
        self.assertTrue([line for line in shown if line.startswith("sends") and "6" in line], shown)
        self.assertIsNone(server.poll())
        self.assertIsNone(client.poll())

    @needs_capture
    def test_a_frame_of_a_peer_that_is_not_traced_is_shown_at_once_too(self):
        server, port = self.record_server()
        inspector = self.follow()
        with socket.create_connection(("127.0.0.1", int(port))) as client:
            client.sendall(b"hello\n")
            frame = self.until(inspector, "frame", direction="to-server")
            self.assertEqual((frame["sends"], len(frame["receives"])), ([], 1))
            self.assertIsNone(server.poll())

    @needs_capture
    def test_packets_of_others_are_left_out(self):
        server, port = self.record_server()
        inspector = self.follow()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            with socket.create_connection(listener.getsockname()) as other:
                other.sendall(b"not of the recording\n")
        with socket.create_connection(("127.0.0.1", int(port))) as client:
            client.sendall(b"hello\n")
            self.until(inspector, "frame", direction="to-client")
        self.rest(server)
        lines, _ = self.rest(inspector)
        lines = [json.loads(line) for line in lines]
        connections = [line["server"]["port"] for line in lines if line["type"] == "connection"]
        self.assertEqual(connections, [int(port)])
        self.assertEqual(lines[-1]["packets"], meta(self.folder)["capture"]["kept"])

    @needs_capture
    def test_it_tells_the_same_as_an_inspection_of_the_whole(self):
        server, port = self.record_server()
        inspector = self.follow("--text")
        client = self.record("--join", str(self.folder), *python(CLIENT, port))
        self.send(client, b"hello\n")
        for process in (client, server):
            self.rest(process)
        live, _ = self.rest(inspector)
        whole = run(WIRESEAM, "inspect", str(self.folder), "--text").stdout.decode()
        self.assertEqual(sorted(live), sorted(whole.splitlines()))


class EndTest(FollowTest):
    def test_ctrl_c_ends_it_with_what_is_there(self):
        server, port = self.record_server("--calls-only")
        inspector = self.follow()
        with socket.create_connection(("127.0.0.1", int(port))) as client:
            client.sendall(b"hello\n")
            self.until(inspector, "frame", direction="to-server")
            inspector.send_signal(signal.SIGINT)
            lines, _ = self.rest(inspector)
        self.assertEqual(inspector.returncode, 0)
        self.assertEqual([json.loads(line)["type"] for line in lines][-2:],
                         ["conversation", "summary"])
        self.assertIsNone(server.poll())

    def test_a_recorder_that_is_killed_is_noticed(self):
        server, port = self.record_server()
        inspector = self.follow()
        with socket.create_connection(("127.0.0.1", int(port))) as client:
            client.sendall(b"hello\n")
            self.until(inspector, "frame", direction="to-server")
            server.kill()
            lines, errors = self.rest(inspector)
        self.assertEqual(inspector.returncode, 0)
        self.assertIn("its recorder died; this is what there was until then", errors)
        self.assertEqual(json.loads(lines[-1])["type"], "summary")

    def test_a_recording_that_has_ended_is_shown_whole(self):
        recorder = self.record("-o", str(self.folder), "--calls-only", *python(
            "import socket\na, b = socket.socketpair()\na.send(b'hello\\n'); b.recv(9)"))
        self.assertEqual(recorder.wait(TIME_LIMIT), 0)
        lines, _ = self.rest(self.follow())
        self.assertEqual([json.loads(line)["type"] for line in lines],
                         ["send", "receive", "conversation", "summary"])

    def test_a_recording_that_is_taken_away_ends_the_screens_with_a_message(self):
        recorder = self.record("-o", str(self.folder), "--calls-only", *python("print(flush=True)\ninput()"))
        recorder.stdout.read(1)
        screens = self.start(WIRESEAM, "inspect", "--join", str(self.folder), "--script", "-")
        screens.stdin.write(b"limit 30\npress 7\nwait nobody wanted\nshow\nwait cannot open\n")
        screens.stdin.close()
        screens.stdin = None
        while b"nobody wanted" not in (line := screens.stdout.readline()):
            self.assertTrue(line)
        self.folder.rename(self.folder.with_name("elsewhere"))
        _, errors = self.rest(screens)
        self.assertIn("cannot open", errors)
        self.assertEqual(screens.returncode, 1)
        self.assertIsNone(recorder.poll())

    def test_who_closes_the_pipe_has_seen_enough(self):
        _, port = self.record_server("--calls-only")
        inspector = self.follow()
        inspector.stdout.close()
        with socket.create_connection(("127.0.0.1", int(port))) as client:
            client.sendall(b"hello\n")
            self.assertEqual(inspector.wait(TIME_LIMIT), 0)

    def test_mistakes_are_explained(self):
        folder = str(self.folder)
        for arguments, status, message in (
                (("--join", folder), 1, "there is no recording"),
                (("--join", folder, folder), 2, "one capture file is needed"),
                (("--join", folder, "-w", "x"), 2, "-w is not for --join")):
            result = run(WIRESEAM, "inspect", *arguments, "--text")
            self.assertEqual((result.returncode, result.stdout), (status, b""))
            self.assertIn(message, result.stderr.decode())


if __name__ == "__main__":
    unittest.main()
