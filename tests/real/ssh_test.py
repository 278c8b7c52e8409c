# SPDX-License-Identifier: Apache-2.0
"""ssh and sshd on loopback, with keys and a configuration of their own. sshd wants to be root and
to find /run/sshd: it gets one in a mount namespace, where nobody else sees it."""

import os
import subprocess
import unittest

from real import RealTest, find, listener

PRIVATE_RUN = 'mount -t tmpfs none /run && mkdir /run/sshd && exec "$@"'
CONFIGURATION = """
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
StrictModes no
UsePAM no
PidFile none
PermitRootLogin yes
"""


def private_run():
    command = ["unshare", "-m", "sh", "-c", PRIVATE_RUN, "sh"]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    if os.geteuid() != 0 or tried.returncode != 0:
        raise unittest.SkipTest(f"not root in a mount namespace of its own: {tried.stderr.strip()}")
    return command


class Ssh(RealTest):
    def make_keys(self, folder):
        for name in ("host_key", "user_key"):
            subprocess.run([find("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f",
                            folder / name], check=True)
        (folder / "sshd_config").write_text(CONFIGURATION.format(folder=folder))

    def scenario(self, run):
        self.make_keys(run.folder)
        with listener() as port:
            client = run.start(
                find("ssh"), "-F", "none", "-i", run.folder / "user_key", "-p",
                port.getsockname()[1], "-o", "StrictHostKeyChecking=no", "-o",
                f"UserKnownHostsFile={run.folder}/known", "-o", "LogLevel=ERROR", "-o",
                "BatchMode=yes", "root@127.0.0.1", "tr a-z A-Z; exit 7", stdin=subprocess.PIPE)
            connection, _ = port.accept()
        with connection:
            # As inetd(8) starts it: one server for one connection.
            server = run.start(find("sshd"), "-i", "-f", run.folder / "sshd_config",
                               stdin=connection, stdout=connection, within=private_run())
        outcome = run.finish(client, sent="text\n" * 1000)
        return outcome, server.wait(60)

    def test_a_command_runs_at_the_other_end(self):
        self.check_same(self.scenario, "connect", "read", "write", "socketpair")


if __name__ == "__main__":
    unittest.main(verbosity=2)
