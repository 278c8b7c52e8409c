#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18: an MTU below 68 switches IPv4 off on an interface, on lo, too, and one below 1280 IPv6:
# the addresses go, without an error or a link that is down, and do not come back with the MTU
# (RFC 791 and RFC 8200 give these as the least). Who tests small segments by the MTU loses the host.
# Runs in a network namespace of its own.
set -euo pipefail
namespace=(unshare --net)
if ((EUID != 0)); then namespace=(unshare --user --map-root-user --net); fi
seen=$("${namespace[@]}" sh -c '
  addresses() { ip -brief address show lo | awk "{ \$1 = \$2 = \"\"; print }" | xargs; }
  ip link set lo up
  for mtu in 65536 1279 67 65536; do ip link set lo mtu $mtu; echo "mtu $mtu: $(addresses)"; done')
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "mtu 65536: 127.0.0.1/8 ::1/128
mtu 1279: 127.0.0.1/8
mtu 67: 
mtu 65536: " ]]
