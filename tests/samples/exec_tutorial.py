# SPDX-License-Identifier: Apache-2.0
"""Remote shells as Python's socket tutorials write them, in the three framings: functions of a
connection, for a client and for a server."""

import hashlib
import json
import struct
import subprocess


def ask_raw(connection, command):
    connection.send(command.encode())
    return connection.recv(1024)


def ask_len32le(connection, command):
    connection.send(command.encode())
    size = struct.unpack("i", connection.recv(4))[0]
    return receive_body(connection, size)


def ask_json_header(connection, command):
    connection.send(command.encode())
    return receive_json_message(connection)[1]


def receive_json_message(connection):
    """Returns (header, body)."""
    header_size = struct.unpack("i", connection.recv(4))[0]
    header = json.loads(connection.recv(header_size).decode())
    return header, receive_body(connection, header["total_size"])


def receive_body(connection, size):
    body = b""
    while len(body) < size:
        piece = connection.recv(min(1024, size - len(body)))
        if not piece:
            break
        body += piece
    return body


def execute(command):
    """Returns (stdout, stderr)."""
    process = subprocess.Popen(
        command.decode(), shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    return process.communicate()


def serve_raw(connection):
    while command := connection.recv(1024):
        stdout, stderr = execute(command)
        connection.send(stdout + stderr or b"CMDexecuted")


def serve_len32le(connection):
    while command := connection.recv(1024):
        stdout, stderr = execute(command)
        connection.send(struct.pack("i", len(stdout) + len(stderr)))
        connection.send(stdout)
        connection.send(stderr)


def serve_json_header(connection):
    while command := connection.recv(1024):
        send_json_message(connection, b"".join(execute(command)))


def send_json_message(connection, body, **more):
    header = {
        "filename": "output",
        "md5": hashlib.md5(body).hexdigest(),
        "total_size": len(body),
        "another key": [1, {"deep": None}],
        **more,
    }
    header_bytes = json.dumps(header).encode()
    connection.send(struct.pack("i", len(header_bytes)))
    connection.send(header_bytes)
    connection.sendall(body)


ASK = {"raw": ask_raw, "len32le": ask_len32le, "json-header": ask_json_header}
SERVE = {"raw": serve_raw, "len32le": serve_len32le, "json-header": serve_json_header}
