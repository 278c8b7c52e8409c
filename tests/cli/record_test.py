# SPDX-License-Identifier: Apache-2.0
"""wireseam record as its user runs it: which packets are kept, who joins, and what happens without
rights, on a full disk, and when somebody is killed."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import unittest

from recording import (ACK, CONVERSATION, FIN, RST, SYN, exported_calls, inspected, meta, record,
                       tcp_packets)
from tracing import (NOBODY, SHIM, TIME_LIMIT, WIRESEAM, TestCase, may_capture, python, run)

needs_capture = unittest.skipUnless(may_capture(), "needs CAP_NET_RAW")
needs_root = unittest.skipUnless(os.geteuid() == 0, "needs root")

# Talks, and ends when it may read a line.
UNTIL_TOLD = CONVERSATION + "input()"

# Python only notes a SIGINT: one that comes just before it reads leaves it waiting for a line.
DYING_OF_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)\n"

# More calls than the tracer's memory has room for.
MANY_WHEN_TOLD = """
import socket
a, b = socket.socketpair()
print(flush=True)
input()
for _ in range(60000):
    a.send(b"x")
    b.recv(9)
print("done", flush=True)
"""

REFUSED = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    address = listener.getsockname()
print(address[1])
socket.socket().connect_ex(address)
"""

# Nobody listens at this port, which is told for Discard (RFC 863).
REFUSED_IN_C = """
#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(9),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
  return connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name) == 0;
}
"""

# Its socket is never asked for its name.
QUESTION = """
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b"question", ("127.0.0.1", int(sys.argv[1])))
client.recv(99)
"""

SERVER = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    connection, _ = listener.accept()
    connection.recv(9)
    connection.close()
"""
CLIENT = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
    connection.sendall(b"hello")
    connection.recv(9)
"""


def become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


class RecordTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_folder() / "recording"

    def start(self, *arguments):
        """A recorder whose program has printed its line, and that line."""
        recorder = subprocess.Popen((WIRESEAM, "record", *arguments), stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(recorder.communicate)
        self.addCleanup(recorder.kill)
        return recorder, recorder.stdout.readline().decode().strip()

    def assert_recorded(self, *arguments):
        result = record("-o", str(self.folder), *arguments)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode().strip()

    def assert_ends(self, result, status, message):
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(message, result.stderr.decode())


@needs_capture
class PacketsTest(RecordTest):
    def test_every_time_the_first_syn_and_the_last_ack_are_there(self):
        for number in range(20):
            self.folder = self.temporary_folder() / str(number)
            port = int(self.assert_recorded(*python(CONVERSATION)))
            packets = tcp_packets(self.folder)
            flags = [packet[2] & (FIN | SYN | ACK) for packet in packets]
            self.assertEqual(flags[:3], [SYN, SYN | ACK, ACK])
            self.assertEqual(flags[-3:], [FIN | ACK, FIN | ACK, ACK])
            self.assertEqual(b"".join(packet[3] for packet in packets), b"hello")
            self.assertTrue(all(port in packet[:2] for packet in packets))

    def test_what_others_send_meanwhile_is_left_out(self):
        recorder, port = self.start("-o", str(self.folder), *python(UNTIL_TOLD))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            foreign = listener.getsockname()[1]
            with socket.create_connection(listener.getsockname()) as client:
                client.sendall(b"not for this recording")
        recorder.communicate(b"\n", timeout=TIME_LIMIT)
        ports = {end for packet in tcp_packets(self.folder) for end in packet[:2]}
        self.assertIn(int(port), ports)
        self.assertNotIn(foreign, ports)
        capture = meta(self.folder)["capture"]
        self.assertTrue(capture["sieved"])
        self.assertGreater(capture["captured"], capture["kept"])

    def test_a_refused_connection_is_kept(self):
        self.assert_recorded(*python(REFUSED))
        self.assertEqual([packet[2] for packet in tcp_packets(self.folder)], [SYN, RST | ACK])

    def test_datagrams_of_a_socket_without_a_known_port_are_kept_and_those_of_others_not(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(TIME_LIMIT)
            port = server.getsockname()[1]
            recorder = subprocess.Popen(
                (WIRESEAM, "record", "-o", str(self.folder), *python(QUESTION, str(port))))
            question, client = server.recvfrom(99)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.sendto(b"something else", server.getsockname())
            server.sendto(b"answer", client)
            self.assertEqual((question, recorder.wait(TIME_LIMIT)), (b"question", 0))
        self.assertEqual(inspected(self.folder)[-1]["packets"], 2)

    def test_the_framing_is_kept_for_whoever_inspects(self):
        self.assert_recorded("--framing", "fixed:size=5", *python(CONVERSATION))
        frames = [line for line in inspected(self.folder) if line["type"] == "frame"]
        self.assertEqual(len(frames), 1)
        frames = [line for line in inspected(self.folder, "--framing", "raw")
                  if line["type"] == "frame"]
        self.assertEqual(frames, [])

    def test_a_file_of_packets_is_what_tshark_reads(self):
        if shutil.which("tshark") is None:
            self.skipTest("needs tshark")
        port = self.assert_recorded(*python(CONVERSATION))
        read = run("tshark", "-r", str(self.folder / "wire.pcap"), "-Y", f"tcp.port == {port}")
        self.assertEqual(len(read.stdout.splitlines()), len(tcp_packets(self.folder)))

    def test_where_the_process_that_captures_is_killed_the_rest_goes_on(self):
        recorder, _ = self.start("-o", str(self.folder), *python(UNTIL_TOLD))
        children = run("ps", "-o", "pid=,sid=", "--ppid", str(recorder.pid)).stdout.split()
        # The program is in our session, and this one in its own.
        leaders = [pid for pid, session in zip(children[::2], children[1::2]) if pid == session]
        os.kill(int(leaders[0]), signal.SIGKILL)
        _, errors = recorder.communicate(b"\n", timeout=TIME_LIMIT)
        self.assertEqual(recorder.returncode, 0)
        self.assertIn(b"the process that captures has died", errors)
        self.assertEqual(sorted(os.listdir(self.folder)), ["calls.wst", "meta.json", "wire.pcap"])
        capture = meta(self.folder)["capture"]
        self.assertTrue(capture["sieved"])
        self.assertNotIn("captured", capture)  # nobody has counted

    def test_inspect_never_writes_over_what_it_reads(self):
        self.assert_recorded(*python(CONVERSATION))
        packets = tcp_packets(self.folder)
        result = run(WIRESEAM, "inspect", str(self.folder), "--json", "-w",
                     str(self.folder / "wire.pcap"))
        self.assert_ends(result, 1, "it is the capture that is read")
        self.assertEqual(tcp_packets(self.folder), packets)

    def test_a_mistake_about_packets_stops_it_before_anything_is_made(self):
        for arguments, message in ((("-i", "nosuch0"), "no interface 'nosuch0'"),
                                   (("-f", "tcp prot"), "bad capture filter")):
            result = record("-o", str(self.folder), *arguments, "true")
            self.assert_ends(result, 1, message)
            self.assertFalse(self.folder.exists())

    def test_when_it_has_ended_nobody_holds_the_recording_any_more(self):
        self.assert_recorded("true")
        with open(self.folder / "calls.wst", "rb") as calls:
            fcntl.flock(calls, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.assertEqual(sorted(os.listdir(self.folder)), ["calls.wst", "meta.json", "wire.pcap"])


@needs_capture
class JoinTest(RecordTest):
    def test_server_and_client_of_two_terminals_land_together(self):
        server, port = self.start("-o", str(self.folder), *python(SERVER))
        client = record("--join", str(self.folder), *python(CLIENT, port))
        self.assertEqual((client.returncode, client.stderr), (0, b""))
        self.assertEqual(server.wait(TIME_LIMIT), 0)
        calls = exported_calls(self.folder)
        self.assertIn((1, "accept4"), calls)
        self.assertLess(calls.index((1, "listen")), calls.index((2, "connect")))
        # Each has captured all packets; together they have each once.
        parts = [tcp_packets(self.folder), tcp_packets(self.folder / "2")]
        self.assertEqual(parts[0], parts[1])
        self.assertEqual(inspected(self.folder)[-1]["packets"], len(parts[0]))

    def test_while_it_goes_on_it_can_be_read_and_says_so(self):
        self.start("-o", str(self.folder), *python(UNTIL_TOLD))
        result = run(WIRESEAM, "inspect", str(self.folder), "--json")
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"it still runs", result.stderr)


class CallsTest(RecordTest):
    def test_calls_that_are_lost_are_told_by_whoever_speaks_of_them(self):
        recorder, _ = self.start("-o", str(self.folder), "--calls-only", *python(MANY_WHEN_TOLD))
        recorder.send_signal(signal.SIGSTOP)
        recorder.stdin.write(b"\n")
        recorder.stdin.flush()
        self.assertEqual(recorder.stdout.readline(), b"done\n")
        recorder.send_signal(signal.SIGCONT)
        _, errors = recorder.communicate(timeout=TIME_LIMIT)
        self.assertEqual(recorder.returncode, 0)
        lost = int(re.search(rb"(\d+) calls were lost", errors)[1])
        self.assertIn(f"calls: {lost} calls were lost", meta(self.folder)["missing"][-1])
        for form in ("--text", "--totals"):
            result = run(WIRESEAM, "inspect", str(self.folder), form)
            self.assertIn(f"dropped: {lost} calls by the tracer", result.stdout.decode())
            self.assertIn(f"{lost} calls were lost", result.stderr.decode())
        self.assertEqual(inspected(self.folder)[-1]["drops"]["calls"], lost)

    def test_the_calls_alone_are_recorded_whole_and_the_status_is_the_programs(self):
        result = record("-o", str(self.folder), "--calls-only", "--",
                        *python(CONVERSATION + "raise SystemExit(7)"))
        self.assertEqual((result.returncode, result.stderr), (7, b""))
        self.assertFalse((self.folder / "wire.pcap").exists())
        self.assertEqual(meta(self.folder)["exit_status"], 7)
        self.assertIn((1, "accept4"), exported_calls(self.folder))
        self.assert_ends(run(WIRESEAM, "inspect", str(self.folder), "--text"), 0,
                          "packets: nobody wanted them")

    @needs_root
    def test_without_the_right_the_calls_are_recorded_and_it_is_said_how_to_get_it(self):
        self.folder.parent.chmod(0o777)
        result = record("-o", str(self.folder), "sh", "-c", "exit 7", preexec_fn=become_nobody)
        self.assert_ends(result, 7, "Operation not permitted; the calls are recorded alone")
        self.assertIn("sudo setcap cap_net_raw=ep /", result.stderr.decode())
        self.assertIn((1, "exit"), exported_calls(self.folder))
        self.assertIn("Operation not permitted", meta(self.folder)["missing"][0])

    @needs_root
    def test_a_recording_of_somebody_else_is_not_said_to_be_none(self):
        self.assert_recorded("--calls-only", "true")
        self.folder.parent.chmod(0o755)
        self.folder.chmod(0o700)
        result = run(WIRESEAM, "inspect", str(self.folder), preexec_fn=become_nobody)
        self.assert_ends(result, 1, f"cannot open '{self.folder}': Permission denied")

    def test_a_folder_that_is_taken_is_refused(self):
        self.assert_recorded("--calls-only", "true")
        self.assert_ends(record("-o", str(self.folder), "true"), 1, "is a recording already")
        parent = str(self.folder.parent)
        self.assert_ends(record("-o", parent, "true"), 1, "is not empty")
        self.assert_ends(record("--join", parent, "true"), 1, "is no recording")
        self.assert_ends(record("--join", parent + "/none", "true"), 1, "there is no recording")

    def test_an_empty_folder_will_do(self):
        self.folder.mkdir()
        self.assert_recorded("--calls-only", "true")

    def test_what_cannot_be_run_leaves_no_folder(self):
        result = record("-o", str(self.folder), "/nonexistent/program")
        self.assert_ends(result, 127, "cannot run '/nonexistent/program'")
        self.assertFalse(self.folder.exists())

    def test_mistakes_are_explained(self):
        for arguments, message in (
                (("true",), "where to?"), (("-o", "x"), "which program?"),
                (("-o", "x", "--join", "y", "true"), "one folder"),
                (("-o", "", "true"), "name is empty"),
                (("-o", "x", "--framing", "nope", "true"), "there is no 'nope'"),
                (("-o", "x", "--jion", "y", "true"), "did you mean '--join'")):
            self.assert_ends(record(*arguments), 2, message)


class DeathTest(RecordTest):
    def test_ctrl_c_ends_the_program_and_the_recording_is_complete(self):
        recorder, terminal = pty.fork()
        if recorder == 0:
            os.execv(WIRESEAM, (WIRESEAM, "record", "-o", str(self.folder),
                                *python(DYING_OF_CTRL_C + UNTIL_TOLD)))
        self.addCleanup(os.close, terminal)
        os.read(terminal, 99)
        os.write(terminal, b"\x03")
        _, status = os.waitpid(recorder, 0)
        self.assertEqual(os.WTERMSIG(status), signal.SIGINT)
        self.assertEqual(meta(self.folder)["signal"], signal.SIGINT)
        if may_capture():
            self.assertEqual(tcp_packets(self.folder)[-1][2] & (FIN | ACK), ACK)

    def killed_recorder(self):
        """A recording whose recorder was killed while others talked, too."""
        recorder, port = self.start("-o", str(self.folder), *python(UNTIL_TOLD))
        run(*python(CONVERSATION))
        while (1, "close") not in exported_calls(self.folder):
            pass
        recorder.kill()
        recorder.wait(TIME_LIMIT)
        # The program goes on, and the capture ends soon after its tracer.
        recorder.communicate(b"\n", timeout=TIME_LIMIT)
        while b"it still runs" in run(WIRESEAM, "inspect", str(self.folder), "--json").stderr:
            pass
        return int(port)

    def test_a_recorder_that_is_killed_leaves_what_there_was(self):
        self.killed_recorder()
        self.assertNotIn("ended", meta(self.folder))
        self.assertIn((1, "accept4"), exported_calls(self.folder))

    @needs_capture
    def test_where_the_recorder_was_killed_inspect_leaves_out_what_others_sent(self):
        port = self.killed_recorder()
        result = run(WIRESEAM, "inspect", str(self.folder), "--json")
        connections = [line for line in map(json.loads, result.stdout.splitlines())
                       if line["type"] == "connection"]
        self.assertEqual([(line["server"]["port"], line["to_server"]["bytes"])
                          for line in connections], [(port, 5)])
        self.assertEqual(sorted(os.listdir(self.folder)), ["calls.wst", "meta.json", "wire.pcap"])
        self.assertNotIn("captured", meta(self.folder)["capture"])


@needs_root
class DiskTest(RecordTest):
    def small_disk(self):
        disk = self.temporary_folder()
        if run("mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)).returncode != 0:
            self.skipTest("mount(8) is not allowed")
        self.addCleanup(run, "umount", str(disk))
        return disk

    def test_a_full_disk_ends_the_recording_and_not_the_program(self):
        disk = self.small_disk()
        result = record("-o", str(disk / "r"), "--payload", "all", *python(
            "import socket\na, b = socket.socketpair()\n"
            "for _ in range(100):\n  a.send(bytes(2000)); b.recv(2000)\nraise SystemExit(7)"))
        self.assert_ends(result, 7, "No space left on device")
        self.assertIn((1, "socketpair"), exported_calls(disk / "r"))

    @needs_capture
    def test_of_the_packets_those_before_the_disk_was_full_are_kept(self):
        disk = self.small_disk()
        result = record("-o", str(disk / "r"), *python(
            CONVERSATION.replace('b"hello"', "bytes(200000)").replace("recv(9)", "recv(200000)")))
        self.assert_ends(result, 0, "packets': No space left on device")
        self.assertFalse([text for text in meta(disk / "r")["missing"] if "\n" in text])
        capture = meta(disk / "r")["capture"]
        self.assertLess(capture["kept"], capture["captured"])
        self.assertEqual(len(tcp_packets(disk / "r")), capture["kept"])


@needs_root
@needs_capture
class NamespaceTest(RecordTest):
    def test_connections_of_another_network_namespace_are_missed_and_it_is_said(self):
        inside = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
        if run(*inside, "true").returncode != 0:
            self.skipTest("network namespaces are not allowed, or ip(8) is missing")
        result = record("-o", str(self.folder), *inside, *python(CONVERSATION))
        self.assert_ends(result, 0, "is it in another network namespace?")
        self.assertIn("none of their packets", meta(self.folder)["missing"][0])


@needs_root
@needs_capture
@unittest.skipUnless(shutil.which("setcap"), "needs setcap")
class CapabilityTest(RecordTest):
    """With the file capability that the messages recommend, run by an ordinary user."""

    def setUp(self):
        super().setUp()
        # A user must reach it, and a file system may not keep capabilities.
        self.installed = self.temporary_folder()
        for folder in (self.installed, self.folder.parent):
            folder.chmod(0o777)
        for name, source in (("bin", WIRESEAM), ("lib", SHIM)):
            (self.installed / name).mkdir()
            shutil.copy(source, self.installed / name)
        self.wireseam = str(self.installed / "bin/wireseam")
        if run("setcap", "cap_net_raw=ep", self.wireseam).returncode != 0:
            self.skipTest("setcap(8) is not allowed")
        self.program = self.compiled(REFUSED_IN_C)
        os.chmod(os.path.dirname(self.program), 0o755)

    def run_as_nobody(self, *arguments):
        return run(self.wireseam, *arguments, preexec_fn=become_nobody,
                   env={**os.environ, "LD_LIBRARY_PATH": "/kept"})

    def test_calls_and_packets_are_recorded(self):
        result = self.run_as_nobody("record", "-o", str(self.folder), self.program)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual([packet[2] for packet in tcp_packets(self.folder)], [SYN, RST | ACK])
        self.assertIn((1, "connect"), exported_calls(self.folder))

    def test_the_program_has_neither_the_capability_nor_a_smaller_environment(self):
        for arguments in (("record", "-o", str(self.folder)), ("trace", "-o", "/dev/null")):
            with self.subTest(verb=arguments[0]):
                result = self.run_as_nobody(
                    *arguments, "sh", "-c",
                    "grep -E 'Cap(Prm|Eff)' /proc/self/status; echo $LD_LIBRARY_PATH")
                self.assertEqual(result.stdout.split(), [
                    b"CapPrm:", b"0" * 16, b"CapEff:", b"0" * 16, b"/kept"])

    def test_a_trace_shows_the_calls(self):
        result = self.run_as_nobody("trace", "-e", "trace=connect", self.program)
        self.assertIn(b"connect(", result.stderr)


if __name__ == "__main__":
    unittest.main()
