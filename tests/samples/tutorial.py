# SPDX-License-Identifier: Apache-2.0
"""Peers written as Python's socket tutorials write them: recv(1024), and no thought of more."""

import socket
import threading


def echo_client(address, messages):
    """Returns the answers."""
    answers = []
    with socket.create_connection(address, timeout=20) as client:
        for message in messages:
            client.send(message.encode())
            answers.append(client.recv(1024).decode())
    return answers


class OneClientServer:
    """A thread that accepts one client and serves it with a function of the connection."""

    def __init__(self, serve):
        self.serve = serve
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(20)
        self.name = "tcp:127.0.0.1:%d" % self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run)

    def run(self):
        connection, _ = self.listener.accept()
        connection.settimeout(20)
        with connection:
            self.serve(connection)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()


def echo(connection):
    while True:
        message = connection.recv(1024)
        if not message:
            break
        connection.sendall(message.decode().upper().encode())
