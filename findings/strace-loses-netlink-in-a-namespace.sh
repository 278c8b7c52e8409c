#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# strace 6.1: what a netlink message says depends on the socket's protocol, which strace asks of
# sock_diag(7) in its own network namespace. Of a program in another one (unshare, a container) it
# doesn't find it: RTM_GETRULE becomes 0x22 /* NLMSG_??? */ and the rest bytes, without a warning.
# Needs root or a user namespace, strace and ip(8); nothing leaves the host.
set -euo pipefail
namespace=(unshare --net)
if ((EUID != 0)); then namespace=(unshare --user --map-root-user --net); fi
first_send() {
  strace -f -e trace=sendto "$@" 2>&1 >/dev/null | sed -n 's/.*\(nlmsg_type=[^,]*\),.*/\1/p' | sort -u
}
here=$(first_send ip rule)
there=$(first_send "${namespace[@]}" ip rule)
strace --version | head -1
echo "here: $here, in a namespace of its own: $there"
[[ $here == nlmsg_type=RTM_GETRULE && $there == "nlmsg_type=0x22 /* NLMSG_??? */" ]]
