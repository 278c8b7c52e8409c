# SPDX-License-Identifier: Apache-2.0
"""Shells: pipelines, children without an environment, bash's own sockets."""

import unittest

from real import PYTHON, RealTest, find, listener

HELLO = "import socket; a, b = socket.socketpair(); a.send(b'hello'); print(b.recv(9))"
PIPELINES = f"""
seq 1 1000 | sort -r | head -n 3
echo here | (read word; echo "$word" | tr a-z A-Z; exit 3); echo $?
false | true; echo $?
(exit 5) & wait $!; echo $?
x=$({PYTHON} -c "{HELLO}"); echo "$x"
{PYTHON} -c "{HELLO}" | cat
cat <<END
a document
END
trap 'echo trapped' USR1; kill -USR1 $$
exit 7
"""
WITHOUT_ENVIRONMENT = f"""env -i {PYTHON} -c "{HELLO}; import os; print(sorted(os.environ))" """
BASH_CLIENT = """
exec 3<>/dev/tcp/127.0.0.1/$1 || exit 9
echo question >&3
read -r answer <&3
echo "$answer"
"""


class Shells(RealTest):
    def check_pipelines(self, shell):
        calls = self.check_same(lambda run: run.run(find(shell), "-c", PIPELINES), "send", "recv")
        self.assertEqual(calls["send"], 2)

    def test_dash_runs_pipelines(self):
        self.check_pipelines("dash")

    def test_bash_runs_pipelines(self):
        self.check_pipelines("bash")

    def test_a_child_without_an_environment_is_traced_too(self):
        def visible(run):
            outcome = run.run("/bin/sh", "-c", WITHOUT_ENVIRONMENT)
            return outcome.status, outcome.stdout.splitlines()[0]
        self.check_same(visible, "send", "recv")

    def bash_client(self, run):
        with listener() as port:
            bash = run.start(find("bash"), "-c", BASH_CLIENT, "bash", port.getsockname()[1])
            peer, _ = port.accept()
            with peer:
                asked = peer.recv(100)
                peer.sendall(b"answer\n")
                return asked, run.finish(bash)

    def test_bash_opens_sockets_of_its_own(self):
        # Its echo is libc's stdio, whose write(2) nobody calls by name.
        self.check_same(self.bash_client, "socket", "connect", "read")


if __name__ == "__main__":
    unittest.main(verbosity=2)
