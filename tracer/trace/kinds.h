// SPDX-License-Identifier: Apache-2.0
// The vocabulary of calls.def's columns. Needs nothing but libc: the shim includes it.
#pragma once

#include <cstdint>

namespace wireseam {

// How a parameter is shown and what is recorded of it. "In" is read by the kernel, "Out" written,
// "InOut" both. A pointer kind's length is the parameter after it.
enum class ParameterKind : uint8_t {
  // Plain values, up to EpollOperation.
  Int,
  Unsigned,
  Size,
  Offset,
  Address,  // a pointer that is shown and not followed
  Fd,
  DirectoryFd,  // AT_FDCWD is one
  Stream,       // a FILE*: its descriptor is recorded in its place
  SocketDomain,
  SocketType,
  SocketProtocol,
  SocketFlags,  // accept4
  ShutdownHow,
  MessageFlags,
  OptionLevel,
  OptionName,
  OptionLength,
  AddressLength,
  ReadWriteFlags,
  SpliceFlags,
  OpenFlags,  // dup3
  CloseRangeFlags,
  FcntlOperation,
  FcntlArgument,
  IoctlOperation,
  IoctlArgument,
  EpollFlags,
  EpollOperation,
  CloneFlags,
  LoadFlags,  // of dlopen
  PathFlags,  // of execveat
  // Pointers.
  AddressIn,
  AddressOut,
  AddressLengthInOut,
  BytesIn,
  BytesOut,
  VectorIn,
  VectorOut,
  MessageIn,
  MessageOut,
  MessagesIn,
  MessagesOut,
  OptionIn,
  OptionOut,
  OptionLengthInOut,
  FdPairOut,
  PollFds,
  FdSet,
  TimevalInOut,
  TimespecIn,
  TimespecInOut,
  SignalSet,
  EpollEventIn,
  EpollEventsOut,
  OffsetInOut,
  String,
  Strings,      // argv
  Environment,  // envp: shown as a count, as strace does
  AddrinfoHints,
  AddrinfoOut,  // the addresses found: an array of sockaddr_storage in the blob
  HostentOut,
  PidOut,
};

enum class ResultKind : uint8_t {
  None,            // no result, or no return
  Status,          // 0 or -1
  Int,             // a number that means what its call says, -1 is a failure
  ByteCount,       // how many were moved
  Count,           // how many are ready or were handled
  NewSocket,       // a descriptor, a socket
  NewFd,           // a descriptor, no socket
  Duplicate,       // a descriptor like the first parameter
  Closed,          // 0 or -1; the first parameter is a descriptor no longer
  Pid,             // 0 in the child
  Pointer,         // nullptr is a failure
  AddrinfoStatus,  // EAI_*, 0 is success
  Hostent,         // nullptr is a failure; the addresses found are in a blob of parameter 0
  SpawnStatus,     // an errno value, 0 is success
};

// Whether a call concerns us on any descriptor, or only where one of its descriptors is a socket.
enum class Traced : uint8_t { Always, IfSocket };

}  // namespace wireseam
