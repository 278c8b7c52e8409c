# SPDX-License-Identifier: Apache-2.0
"""1,000 clients at once, 100 messages each."""

import asyncio
import resource
import socket
import unittest

from peers import Server, TestCase

CLIENTS = 1000
MESSAGES = 100
DESCRIPTORS = CLIENTS + 100  # here and in the server


def raise_descriptor_limit():
    """Returns what was reached."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard > DESCRIPTORS:
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


async def talk(number, reader, writer):
    """Returns the number of right answers."""
    right = 0
    for i in range(MESSAGES):
        message = f"client {number} message {i}".encode()
        writer.write(message)
        right += await reader.readexactly(len(message)) == message.upper()
    # The server closes before it ends its half: when this has come it holds no descriptor any more.
    writer.write_eof()
    await reader.read()
    writer.close()
    return right


async def talk_all_at_once(address):
    connections = [await asyncio.open_connection(*address) for _ in range(CLIENTS)]
    answers = [talk(number, *streams) for number, streams in enumerate(connections)]
    return sum(await asyncio.gather(*answers))


class ManyClientsTest(TestCase):
    def check(self, way):
        reached = raise_descriptor_limit()
        if reached < DESCRIPTORS:
            self.skipTest(f"needs {DESCRIPTORS} descriptors, the limit is {reached}")
        with Server("echo-server", "--serve", way, "tcp:127.0.0.1:0") as server:
            # Until its first answer it may still be opening what it needs itself.
            with server.connect() as client:
                client.sendall(b"x")
                client.recv(1)
                client.shutdown(socket.SHUT_WR)
                client.recv(1)
            before = server.descriptors()
            right = asyncio.run(talk_all_at_once(server.address))
            self.assertEqual(right, CLIENTS * MESSAGES)
            self.assertEqual(server.descriptors(), before)

    def test_epoll_answers_all_and_keeps_no_descriptor(self):
        self.check("epoll")

    def test_threads_answer_all_and_keep_no_descriptor(self):
        self.check("threads")


if __name__ == "__main__":
    unittest.main()
