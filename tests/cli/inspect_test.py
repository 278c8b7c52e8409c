# SPDX-License-Identifier: Apache-2.0
"""wireseam inspect as its user runs it: files, pipes, mistakes, Ctrl-C, live on loopback."""

import json
import os
import signal
import socket
import struct
import subprocess
import time
import unittest

from tracing import TIME_LIMIT, WIRESEAM, TestCase, may_capture, run

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def checksum_free_ipv4(source, destination, protocol, payload):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(destination)) + payload


def tcp(source, destination, seq, ack, flags, payload=b""):
    ends = ("10.0.0.1", "10.0.0.2") if source == 40000 else ("10.0.0.2", "10.0.0.1")
    header = struct.pack("!HHIIBBHHH", source, destination, seq, ack, 5 << 4, flags, 1000, 0, 0)
    return checksum_free_ipv4(*ends, 6, header + payload)


def pcap(packets):
    """A capture of raw IP packets, a millisecond apart."""
    text = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    for number, packet in enumerate(packets):
        text += struct.pack("<IIII", 1714979289, number * 1000, len(packet), len(packet)) + packet
    return text


def conversation():
    header = b'{"total_size": 5}'
    frame = struct.pack("<i", len(header)) + header + b"hello"
    return [
        tcp(40000, 80, 100, 0, SYN),
        tcp(80, 40000, 500, 101, SYN | ACK),
        tcp(40000, 80, 101, 501, ACK),
        tcp(80, 40000, 501, 101, ACK | PSH, frame),
        tcp(40000, 80, 101, 501 + len(frame), ACK),
        tcp(40000, 80, 101, 501 + len(frame), ACK | FIN),
        tcp(80, 40000, 501 + len(frame), 102, ACK | FIN),
        tcp(40000, 80, 102, 502 + len(frame), ACK),
    ]


def inspect(*arguments, **options):
    return run(WIRESEAM, "inspect", *arguments, **options)


def lines(output):
    return [json.loads(line) for line in output.splitlines()]


class FileTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_folder()
        self.file = self.folder / "capture.pcap"
        self.file.write_bytes(pcap(conversation()))

    def test_text_tells_of_handshake_frame_close_and_summary(self):
        text = inspect(str(self.file)).stdout.decode()
        for part in ("connected in 2.000 ms", '{"total_size": 5}', "closed", "8 packets"):
            self.assertIn(part, text)

    def test_json_has_a_line_for_each_and_options_may_follow_the_file(self):
        found = lines(inspect(str(self.file), "--json", "--segments").stdout)
        types = [line["type"] for line in found]
        self.assertEqual(types.count("segment"), 8)
        self.assertEqual(types.count("close"), 3)
        self.assertEqual((types.count("handshake"), types.count("frame")), (1, 1))
        self.assertEqual(types[-2:], ["connection", "summary"])

    def test_standard_input_is_read_as_a_file_is(self):
        with self.file.open("rb") as capture:
            piped = run("cat", stdin=capture, stdout=subprocess.PIPE).stdout
        self.assertEqual(inspect("-", "--json", input=piped).stdout,
                         inspect(str(self.file), "--json").stdout)

    def test_a_stream_comes_out_as_it_was_sent(self):
        result = inspect(str(self.file), "--stream", "1:server")
        self.assertTrue(result.stdout.endswith(b"hello"))
        self.assertEqual(inspect(str(self.file), "--stream", "1:client").stdout, b"")

    def test_packets_are_kept_where_that_is_asked_for(self):
        kept = self.folder / "kept.pcap"
        inspect(str(self.file), "-w", str(kept), "-f", "src port 80", "--json")
        self.assertEqual(lines(inspect(str(kept), "--json").stdout)[-1]["packets"], 3)

    def test_a_file_that_is_cut_is_read_up_to_there(self):
        self.file.write_bytes(self.file.read_bytes()[:-10])
        result = inspect(str(self.file), "--json")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(lines(result.stdout)[-1]["packets"], 7)
        self.assertIn("ends early, after packet 7", lines(result.stdout)[-1]["flaw"])
        self.assertIn(b"ends early", result.stderr)

    def test_a_broken_file_is_an_error(self):
        self.file.write_text("no capture")
        self.assert_fails(inspect(str(self.file)), 1, "is no capture file")
        self.assert_fails(inspect(str(self.folder / "none")), 1, "No such file")

    def test_mistakes_are_explained(self):
        for arguments, status, message in (
                (("--jsn",), 2, "did you mean '--json'"),
                (("--framing", "nope"), 2, "there is no 'nope'"),
                (("-f", "tcp prot 80"), 1, "bad capture filter"),
                (("--stream", "1:x"), 2, "takes client or server"),
                (("second.pcap",), 2, "one capture file is needed")):
            self.assert_fails(inspect(str(self.file), *arguments), status, message)
        self.assert_fails(inspect(), 2, "one capture file is needed")

    def test_a_full_disk_is_an_error_and_a_closed_pipe_is_none(self):
        self.assert_fails(inspect(str(self.file), "-o", "/dev/full"), 1, "No space left")
        reader, writer = os.pipe()
        os.close(reader)
        result = inspect(str(self.file), "--json", stdout=writer)
        os.close(writer)
        self.assertEqual((result.returncode, result.stderr), (0, b""))

    def assert_fails(self, result, status, message):
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(message, result.stderr.decode())


class InterruptTest(TestCase):
    def test_ctrl_c_ends_with_the_summary_of_what_was_read(self):
        program = subprocess.Popen([WIRESEAM, "inspect", "-", "--json"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(program.kill)
        # Recent packets are shown at once, so its line shows that it has come that far.
        capture = bytearray(pcap(conversation()[:3]))
        for at in range(24, len(capture), 16 + 40):
            capture[at:at + 4] = struct.pack("<I", int(time.time()))
        program.stdin.write(capture)
        program.stdin.flush()
        self.assertIn(b'"handshake"', program.stdout.readline())
        program.send_signal(signal.SIGINT)
        output, _ = program.communicate(timeout=TIME_LIMIT)
        self.assertEqual(program.returncode, 0)
        self.assertEqual(lines(output)[-1]["type"], "summary")
        self.assertEqual(lines(output)[-1]["packets"], 3)


@unittest.skipUnless(may_capture(), "needs CAP_NET_RAW")
class LiveTest(TestCase):
    def test_a_frame_on_loopback_is_shown_while_the_capture_goes_on(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        port = listener.getsockname()[1]
        program = subprocess.Popen(
            [WIRESEAM, "inspect", "-i", "lo", "-f", f"tcp port {port}", "--json", "--framing",
             f"{port}=json-header"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(program.kill)
        self.assertIn(b"capturing", program.stderr.readline())
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(struct.pack("<i", 16) + b'{"total_size":2}' + b"hi")
            found = [json.loads(program.stdout.readline()) for _ in range(2)]
        self.assertEqual([line["type"] for line in found], ["handshake", "frame"])
        self.assertEqual(found[1]["header"], {"total_size": 2})
        program.send_signal(signal.SIGINT)
        output, _ = program.communicate(timeout=TIME_LIMIT)
        self.assertEqual(program.returncode, 0)
        self.assertEqual(lines(output)[-1]["type"], "summary")

    def test_an_interface_that_is_not_there_is_named_with_those_that_are(self):
        result = inspect("-i", "nosuch0")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"no interface 'nosuch0'; there are: ", result.stderr)


if __name__ == "__main__":
    unittest.main()
