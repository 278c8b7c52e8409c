#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, getsockopt(2), whose optlen is "the size of the buffer", and then of the value:
# - IPv6 options that are an int take -1 as a room, write four bytes and succeed; at SOL_SOCKET and
#   SOL_IP it is EINVAL.
# - SO_GET_FILTER counts instructions of eight bytes, in both directions: a room of 2 gets 16 bytes.
# - NETLINK_LIST_MEMBERSHIPS succeeds with the size that it would need: 8 where the room was 4 and
#   four bytes were written, 8 where the room was 2 and none were.
# So neither a length that came back nor the one that was given bounds what was written.
set -euo pipefail
seen=$(python3 - <<'END'
import ctypes, errno, socket, struct

libc = ctypes.CDLL(None, use_errno=True)
SOL_IPV6, IPV6_TCLASS = 41, 67
SO_ATTACH_FILTER = SO_GET_FILTER = 26
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NETLINK_LIST_MEMBERSHIPS = 270, 1, 9


def read(sock, level, option, room):
    value, length = ctypes.create_string_buffer(b"\xee" * 64, 64), ctypes.c_int(room)
    failed = libc.getsockopt(sock.fileno(), level, option, value, ctypes.byref(length))
    if failed:
        return errno.errorcode[ctypes.get_errno()]
    return f"length {length.value}, {64 - value.raw.count(0xEE)} bytes written"


six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
four = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print("IPV6_TCLASS, room -1:", read(six, SOL_IPV6, IPV6_TCLASS, -1))
print("IP_TOS, room -1:", read(four, socket.SOL_IP, socket.IP_TOS, -1))
program = struct.pack("HBBIHBBI", 0x28, 0, 0, 12, 6, 0, 0, 99)  # ldh [12]; ret #99
code = ctypes.create_string_buffer(program, len(program))
four.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                struct.pack("HxxxxxxP", 2, ctypes.addressof(code)))
print("SO_GET_FILTER, room 2:", read(four, socket.SOL_SOCKET, SO_GET_FILTER, 2))
route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
for group in (1, 33):
    route.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
for room in (4, 2):
    print(f"NETLINK_LIST_MEMBERSHIPS, room {room}:",
          read(route, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, room))
END
)
uname -sr
echo "$seen"
[[ $seen == "IPV6_TCLASS, room -1: length 4, 4 bytes written
IP_TOS, room -1: EINVAL
SO_GET_FILTER, room 2: length 2, 16 bytes written
NETLINK_LIST_MEMBERSHIPS, room 4: length 8, 4 bytes written
NETLINK_LIST_MEMBERSHIPS, room 2: length 8, 0 bytes written" ]]
