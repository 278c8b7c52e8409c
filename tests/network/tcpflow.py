# SPDX-License-Identifier: Apache-2.0
"""Where tcpflow -I sees each segment in its stream, beside where wireseam inspect does."""

import collections
import datetime
import pathlib
import shutil
import subprocess
import tempfile

import inspecting


def is_there():
    return shutil.which("tcpflow") is not None


def microseconds(time):
    """Since the epoch, as tcpflow has it; of "2024-05-06T07:08:09.123456789Z"."""
    seconds, fraction = time.rstrip("Z").split(".")
    return f"{int(datetime.datetime.fromisoformat(seconds + '+00:00').timestamp())}.{fraction[:6]}"


def their_map(capture):
    """(sender's port, offset, time, length), counted."""
    found = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tcpflow", "-I", "-r", capture, "-o", folder], check=True,
                       capture_output=True, timeout=inspecting.TIME_LIMIT_S)
        for index in pathlib.Path(folder).glob("*.findx"):
            port = int(index.name.split("-")[0].rpartition(".")[2])
            for line in index.read_text("ascii").splitlines():
                offset, time, length = line.split("|")
                found[port, int(offset), time, int(length)] += 1
    return found


def our_map(capture):
    """The same, and that of the segments that bring nothing new."""
    lines = inspecting.inspect(capture, "--segments")
    ports = {line["connection"]: (line["client"]["port"], line["server"]["port"])
             for line in lines if line["type"] == "connection"}
    found, old = collections.Counter(), collections.Counter()
    for line in lines:
        if line["type"] != "segment" or line["range"]["begin"] == line["range"]["end"]:
            continue
        port = ports[line["connection"]][line["direction"] == "to-client"]
        begin, end = line["range"]["begin"], line["range"]["end"]
        segment = port, begin, microseconds(line["time"]), end - begin
        found[segment] += 1
        old[segment] += line["fresh_bytes"] == 0
    return found, old


def differences(capture):
    """What either has and the other lacks. Of segments that bring nothing new tcpflow leaves out
    those that come when it has seen its end."""
    theirs = their_map(capture)
    ours, old = our_map(capture)
    return sorted((theirs - ours).elements()), sorted((ours - theirs - old).elements())
