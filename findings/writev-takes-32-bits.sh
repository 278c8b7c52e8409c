#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, x86-64: the count of writev(2), an unsigned long of the system call, is cut to 32 bits
# (struct iov_iter's import takes an unsigned int): 2^32 pieces at an address that isn't mapped are no
# piece, and the call returns 0 where EINVAL (more than IOV_MAX) is documented; 2^32 + 1 are one.
set -euo pipefail
seen=$(python3 - <<'END'
import ctypes, errno, os

libc = ctypes.CDLL(None, use_errno=True)
libc.writev.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong]
libc.syscall.restype = ctypes.c_long
reader, writer = os.pipe()
WRITEV = 20
for count in 1 << 31, 1 << 32, (1 << 32) + 1:
    result = libc.syscall(ctypes.c_long(WRITEV), ctypes.c_long(writer), ctypes.c_void_p(8),
                          ctypes.c_ulong(count))
    print(f"{count:#x}:", result, errno.errorcode[ctypes.get_errno()] if result < 0 else "")
END
)
echo "$(uname -srm)"
echo "$seen"
[[ $seen == "0x80000000: -1 EINVAL
0x100000000: 0 
0x100000001: -1 EFAULT" ]]
