# SPDX-License-Identifier: Apache-2.0
"""wireseam demo: every scenario is played, and what is said of it is what its recording holds."""

import os
import pty
import shutil
import signal
import unittest

from recording import inspected
from tracing import BIN, NOBODY, WIRESEAM, TestCase, may_capture, run

needs_capture = unittest.skipUnless(may_capture(), "needs CAP_NET_RAW")
needs_root = unittest.skipUnless(os.geteuid() == 0, "needs root")

MILLISECOND = 1_000_000  # ns


def demo(*arguments, **options):
    return run(WIRESEAM, "demo", *arguments, **options)


def scenarios():
    return [line.split()[0].decode() for line in demo("--list").stdout.splitlines()]


def become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


class DemoTest(TestCase):
    def played(self, scenario):
        """What was said of it in one line, and the lines of its recording."""
        folder = self.temporary_folder() / "recording"
        result = demo("-o", str(folder), scenario)
        self.assertEqual(result.returncode, 0, result.stderr)
        for line in result.stdout.decode().splitlines():
            self.assertLessEqual(len(line), 80, line)
        return " ".join(result.stdout.decode().split()), inspected(folder)

    def lines(self, recorded, kind, direction=None):
        return [line for line in recorded
                if line["type"] == kind and direction in (None, line.get("direction"))]


@needs_capture
class ScenarioTest(DemoTest):
    def test_framed_each_answer_took_several_receives_and_is_whole(self):
        text, recorded = self.played("framed")
        frames = self.lines(recorded, "frame", "to-client")
        self.assertEqual(len(frames), 2)
        for frame in frames:
            size = frame["range"]["end"] - frame["range"]["begin"]
            self.assertGreater(len(frame["receives"]), 1)
            self.assertIn(f"A frame of {size} bytes, its body {frame['body_length']} of them", text)
            self.assertIn(f"was returned by {len(frame['receives'])} recvs", text)

    def test_sticky_one_receive_returns_what_several_sends_sent(self):
        text, recorded = self.played("sticky")
        sends = self.lines(recorded, "send", "to-server")
        receives = self.lines(recorded, "receive", "to-server")
        self.assertEqual((len(sends), len(receives)), (5, 1))
        size = sends[-1]["range"]["end"]
        self.assertEqual(receives[0]["range"], {"begin": 0, "end": size})
        self.assertIn(f"One recv returned {size} bytes: those of 5 sends.", text)

    def test_cut_a_receive_returns_the_end_of_one_answer_and_the_beginning_of_the_next(self):
        text, recorded = self.played("cut")
        sends = [send["range"] for send in self.lines(recorded, "send", "to-client")]
        receives = [receive["range"] for receive in self.lines(recorded, "receive", "to-client")]
        tail = sends[0]["end"] - receives[1]["begin"]
        head = receives[1]["end"] - sends[1]["begin"]
        self.assertGreater(min(tail, head), 0)
        self.assertIn(f"returned {tail} bytes of answer 1 and {head} bytes of answer 2.", text)

    def test_reset_bytes_that_are_unread_at_a_close_send_an_rst(self):
        text, recorded = self.played("reset")
        conversation = self.lines(recorded, "conversation")[0]
        unread = conversation["client_calls"]["end"]["unread_bytes"]
        connection = self.lines(recorded, "connection")[0]
        self.assertEqual(connection["teardown"]["rst"]["direction"], "to-server")
        self.assertIn(f"The client closed its socket with {unread} bytes unread.", text)
        self.assertIn("The next recv of reset-server failed with ECONNRESET", text)

    def test_backlog_who_finds_no_room_has_to_knock_again(self):
        text, recorded = self.played("backlog")
        connections = self.lines(recorded, "connection")
        syns = sorted(connection["handshake"]["syns"] for connection in connections)
        self.assertEqual(syns[:2], [1, 1])
        self.assertGreater(syns[2], 1)
        self.assertEqual(text.count("was in the backlog for"), 3)
        self.assertIn(f"its SYN was sent {syns[2]} times", text)

    def test_timewait_the_port_is_bound_again_only_with_reuseaddr(self):
        text, recorded = self.played("timewait")
        self.assertIn(" hello HELLO ", text)  # what was typed, and what came
        connection = self.lines(recorded, "connection")[0]
        teardown = connection["teardown"]
        self.assertLess(teardown["fin_to_client"]["packet"], teardown["fin_to_server"]["packet"])
        self.assertIn("The server closed first", text)
        self.assertIn('Server 2: bind failed with "Address already in use". '
                      "Server 3: bind succeeded.", text)

    def test_udp_what_a_receive_has_no_room_for_is_gone(self):
        text, recorded = self.played("udp")
        sizes = [frame["range"]["end"] - frame["range"]["begin"]
                 for frame in self.lines(recorded, "frame")]
        self.assertEqual(sizes, [5, 5, 12, 8])
        datagrams = self.lines(recorded, "datagram")
        self.assertEqual([(line["packet"], line["size"], line["fate"]) for line in datagrams],
                         [(1, 5, []), (2, 5, []), (3, 12, ["truncated"]), (4, 8, [])])
        for line in datagrams:
            self.assertIn(f"of {line['size']} bytes: {line['send']['call']}, "
                          f"#{line['packet']} after", text)
        self.assertIn("recvfrom had room for 8 bytes of a datagram of 12", text)

    def test_partial_send_a_send_takes_less_than_it_was_given(self):
        text, recorded = self.played("partial-send")
        sends = self.lines(recorded, "send", "to-server")
        taken = sends[0]["range"]["end"]
        self.assertLess(taken, sends[0]["room"])
        self.assertIn(f"was given {sends[0]['room']} bytes and took {taken}.", text)
        self.assertIn("failed with EAGAIN", text)
        self.assertIn(f"It took {len(sends)} sends", text)

    def test_auth_the_challenge_and_the_proof_come_first(self):
        text, recorded = self.played("auth")
        challenge = self.lines(recorded, "send", "to-client")[0]["range"]["end"]
        proof = self.lines(recorded, "send", "to-server")[0]["range"]["end"]
        self.assertEqual((challenge, proof), (32, 32))
        self.assertIn("the server sent 32 random bytes", text)

    def test_handshake_connect_and_accept_are_beside_the_packets(self):
        text, recorded = self.played("handshake")
        conversation = self.lines(recorded, "conversation")[0]
        self.assertEqual(conversation["client_calls"]["begin"]["call"], "connect")
        self.assertIn("SYN, ACK seq 0", text)
        self.assertIn("The client closed first.", text)

    def test_nagle_a_send_waits_for_a_delayed_ack(self):
        text, recorded = self.played("nagle")
        held = max(self.lines(recorded, "send", "to-server"), key=lambda send: send["last_delay_ns"])
        self.assertEqual(held["hold"], "nagle")
        self.assertGreaterEqual(held["last_delay_ns"], 30 * MILLISECOND)
        self.assertIn(f"{held['range']['begin']}-{held['range']['end']}, was on the wire", text)

    def test_nodelay_no_send_waits_for_an_ack(self):
        text, recorded = self.played("nodelay")
        for send in self.lines(recorded, "send", "to-server"):
            self.assertNotEqual(send.get("hold"), "nagle")
        self.assertIn("with TCP_NODELAY set: of all sends the slowest", text)

    def test_refused_the_syn_is_answered_with_an_rst(self):
        text, recorded = self.played("refused")
        conversation = self.lines(recorded, "conversation")[0]
        self.assertEqual(conversation["client_calls"]["begin"]["errno"], "ECONNREFUSED")
        self.assertEqual(self.lines(recorded, "handshake")[0]["state"], "refused")
        self.assertIn("failed with ECONNREFUSED", text)


class CommandLineTest(DemoTest):
    def test_alone_it_plays_framed_and_lists_all(self):
        result = demo()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith(b"framed: "))
        for scenario in scenarios():
            self.assertIn(f"\n  {scenario} ", result.stdout.decode())

    def test_a_name_that_is_none_is_answered_with_those_that_are(self):
        result = demo("nagel")
        self.assertEqual(result.returncode, 2)
        self.assertIn("there is no scenario 'nagel'", result.stderr.decode())
        for scenario in scenarios():
            self.assertIn(scenario, result.stderr.decode())

    def test_a_sample_that_is_not_there_is_no_refused_connection(self):
        player = shutil.copy(BIN / "wireseam-player", self.temporary_folder())
        for scenario in ("refused", "framed"):
            result = run(player, scenario)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr.decode(), "cannot run '.*/e[a-z]+-[a-z]+': No such file")
            self.assertIn("The samples belong beside wireseam.", result.stderr.decode())

    def test_who_closes_the_pipe_has_seen_enough(self):
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        for scenario in ("framed", "sticky"):
            result = demo(scenario, stdout=writer)
            self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_ctrl_c_ends_it_and_leaves_nothing_behind(self):
        folder = self.temporary_folder()
        player, terminal = pty.fork()
        if player == 0:
            os.execve(WIRESEAM, (WIRESEAM, "demo", "backlog"), {**os.environ, "TMPDIR": str(folder)})
        self.addCleanup(os.close, terminal)
        seen = b""
        while b"The client connects" not in seen:
            seen += os.read(terminal, 999)
        self.assertEqual(len(os.listdir(folder)), 1)
        os.write(terminal, b"\x03")
        _, status = os.waitpid(player, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), -signal.SIGINT)
        self.assertEqual(os.listdir(folder), [])

    @needs_root
    def test_without_the_right_to_capture_every_scenario_plays_and_says_what_is_missing(self):
        for scenario in scenarios():
            with self.subTest(scenario=scenario):
                result = demo(scenario, preexec_fn=become_nobody)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn("No packets were captured", result.stdout.decode())
                self.assertIn("setcap cap_net_raw=ep", result.stderr.decode())


if __name__ == "__main__":
    unittest.main()
