# SPDX-License-Identifier: Apache-2.0
"""What example-recording is a recording of: messages sent in pieces, and received in others."""

import os
import socket
import struct
import time

listener = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    server, _ = listener.accept()
    time.sleep(0.02)
    data = server.recv(12)
    data += server.recv(1024)
    server.sendall(struct.pack("<i", 6) + b"thanks")
    server.close()
    os._exit(0)
client = socket.create_connection(listener.getsockname())
for body, flags in (b"hello", 0), (b"and now", 0), (b"more to come", socket.MSG_MORE):
    client.send(struct.pack("<i", len(body)), flags)
    time.sleep(0.002)
    client.send(body)
print(client.recv(4), client.recv(1024))
client.close()
os.wait()
