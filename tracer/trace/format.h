// SPDX-License-Identifier: Apache-2.0
// The trace format: what the shim writes into the shared region and what a trace file holds. Plain
// structs for one machine's byte order (a trace file says which). The shim includes this file, so
// it needs nothing but libc. docs/trace-format.md describes it all; change both together.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace wireseam {

// The numbers of calls.def.
enum class CallNumber : uint16_t {
  none = 0,
#define CALL(number, name, ...) name = number,
#define SPECIAL(number, name, ...) name = number,
#include "tracer/trace/calls.def"
};

// Records -----------------------------------------------------------------------------------------

enum class RecordKind : uint8_t {
  None = 0,       // memory that nobody has written yet
  Call = 1,       // CallRecord, then blobs
  MoreBytes = 2,  // MoreBytesRecord: a blob's bytes that did not fit beside their call; region only
  Process = 3,    // ProcessRecord: a process, or a new program in it, has begun
  ProcessEnd = 4,     // ProcessEndRecord; trace files only
  Lost = 5,           // LostRecord; trace files only
  ChunkEnd = 6,       // nothing more in this chunk; region only
  Void = 8,           // a call that turned out not to concern us; region only
  Module = 9,         // ModuleRecord, then its path; region only
  Symbol = 7,         // SymbolRecord, then two texts; trace files only
  UnseenSocket = 10,  // UnseenSocketRecord; trace files only
};

// A call is entered as Open and becomes Done when it has returned. One that stays Open was cut off
// (killed, cancelled, left by longjmp, or replaced by exec). Left, in the region only: its thread
// has gone on without it.
enum class RecordState : uint8_t { Empty = 0, Open = 1, Done = 2, Left = 3 };

// The first word of each record. Its size counts 8-byte words, this one included.
constexpr uint32_t record_head(size_t bytes, RecordKind kind, RecordState state) {
  return static_cast<uint32_t>(bytes / 8) | static_cast<uint32_t>(kind) << 16 |
         static_cast<uint32_t>(state) << 24;
}
constexpr size_t record_size(uint32_t head) { return size_t{head & 0xffff} * 8; }
constexpr RecordKind record_kind(uint32_t head) {
  return static_cast<RecordKind>(head >> 16 & 0xff);
}
constexpr RecordState record_state(uint32_t head) { return static_cast<RecordState>(head >> 24); }

inline constexpr size_t kMaxArguments = 6;

// Flags of a call.
inline constexpr uint16_t kFlagFortified = 1;   // through a __..._chk symbol
inline constexpr uint16_t kFlagSyscall = 2;     // through syscall(2)
inline constexpr uint16_t kFlagBlobsLost = 4;   // there was no room for what it moved
inline constexpr uint16_t kFlagVforkChild = 8;  // by a child that still shares its parent's memory
inline constexpr uint16_t kFlagMoreBytes = 16;  // MoreBytesRecords hold the rest of its blobs
inline constexpr uint16_t kFlagStrace = 32;     // seen by strace, not by the shim
// Of an exec or a spawn: why the calls of its new program can't be seen. What it looks like at this
// moment, since it may be gone before anybody else can look.
inline constexpr uint16_t kFlagNewStatic = 64;
inline constexpr uint16_t kFlagNewForeign = 128;
inline constexpr uint16_t kFlagNewPrivileged = 256;
inline constexpr uint16_t kFlagNewGo = 512;
// Of an exec: by a process under a seccomp(2) filter that the collector is not under.
inline constexpr uint16_t kFlagFiltered = 1024;
// It starts a program in an environment that has lost what tracing needs.
inline constexpr uint16_t kFlagOutOfSight = 2048;

struct CallRecord {
  std::atomic<uint32_t> head;
  CallNumber call;
  uint16_t flags;
  uint32_t serial;  // file: counts the calls of one thread; region: 0
  int32_t errnum;   // errno after a failure, else 0
  uint64_t start;   // region: ticks of the region's clock; file: CLOCK_REALTIME, ns since 1970
  uint64_t end;     // region: the same clock; file: start + monotonic duration
  int64_t result;
  uint64_t caller;  // return address
  uint64_t arguments[kMaxArguments];
};
static_assert(sizeof(CallRecord) == 96);

// What a parameter pointed at. A blob is a BlobHeader and its bytes, padded to 8.
enum class BlobPart : uint8_t {
  Value = 0,   // what the pointer points at, after the call
  Before = 1,  // the same, before the call (lengths, fd_sets and time-outs that the kernel changes)
  Name = 2,    // msghdr: the address
  Vector = 3,  // msghdr: the struct iovec array
  // iovec, msghdr: the bytes of a buffer, one blob for each in the order of the array. Of buffers
  // to send: what was offered, however much was taken; of buffers to fill: what arrived.
  Buffer = 4,
  Control = 5,   // msghdr: the control messages
  Identity = 6,  // SocketIdentity of a socket made, named or met by the call; parameter is unused
  // An array in which the kernel answers (poll, sendmmsg), as it was given; where somebody else
  // could change it during the call.
  Given = 7,
  Unread = 8,  // close of a socket: uint32_t, the bytes that it had for recv just before (SIOCINQ)
};

struct BlobHeader {
  uint8_t parameter;  // index in the call's row
  BlobPart part;
  uint16_t index;   // message of sendmmsg and recvmmsg, string of an argv
  uint32_t stored;  // bytes that follow
  uint64_t total;   // bytes that there were; more than stored where they were cut
};
static_assert(sizeof(BlobHeader) == 16);

// total of a blob whose pointer could not be read: it has no bytes, the argument shows the pointer.
inline constexpr uint64_t kUnreadable = ~uint64_t{0};
inline constexpr uint64_t kMaxTotal = kUnreadable - 1;  // of a program that says more

// struct epoll_event, packed as x86-64 has it, of whatever machine the trace is.
struct [[gnu::packed]] TracedEpollEvent {
  uint32_t events;
  uint64_t data;
};
static_assert(sizeof(TracedEpollEvent) == 12);

constexpr size_t padded(size_t bytes) { return (bytes + 7) & ~size_t{7}; }

inline constexpr size_t kMaxSockaddr = 128;  // sizeof(struct sockaddr_storage)

// Who a socket is: read when it is made, bound, connected or accepted, and when a descriptor turns
// out to be a socket that the shim has not seen before (inherited or received).
struct SocketIdentity {
  int32_t fd;
  uint16_t local_size;  // 0: not known
  uint16_t peer_size;   // 0: none
  int32_t domain;       // -1: not read, as it follows from the call (accept)
  int32_t type;
  int32_t protocol;
  uint32_t inode;   // the socket's, as in /proc/PID/fd; 0: not known
  uint64_t cookie;  // SO_COOKIE; 0: not known
  uint8_t local[kMaxSockaddr];
  uint8_t peer[kMaxSockaddr];
};
static_assert(sizeof(SocketIdentity) == 32 + 2 * kMaxSockaddr);

// A piece of a blob that found no room behind its call: the pieces of one blob follow each other,
// before the call becomes Done.
struct MoreBytesRecord {
  std::atomic<uint32_t> head;
  uint32_t call;    // where the call's record lies: 8-byte words from the first chunk's beginning
  uint64_t offset;  // of these bytes in the blob
  BlobHeader blob;  // stored: how many bytes follow here
};
static_assert(sizeof(MoreBytesRecord) == 32);

enum class ProcessCause : uint32_t { Start = 0, Fork = 1, Vfork = 2, Exec = 3 };

// A process begins, or a new program in it. Its chunk or file context says which process.
struct ProcessRecord {
  std::atomic<uint32_t> head;
  ProcessCause cause;
  uint64_t start;
  uint32_t parent;  // the parent's pid as the process sees it
  uint32_t user;    // effective user id
  char name[16];    // comm
};
static_assert(sizeof(ProcessRecord) == 40);

// A process has ended. status is wait(2)'s, or kStatusUnknown where nobody could read it.
inline constexpr int32_t kStatusUnknown = -1;

struct ProcessEndRecord {
  std::atomic<uint32_t> head;
  int32_t status;
  uint64_t start;  // when, on the clock of the other records
};
static_assert(sizeof(ProcessEndRecord) == 16);

// Whether only the number of lost calls is told, or also that a traced program has written into the
// region what the shim does not: what follows may lack calls, or be made up.
enum class LostCause : uint32_t { NoRoom = 0, Damage = 1 };

struct LostRecord {
  std::atomic<uint32_t> head;
  LostCause cause;
  uint64_t start;
  uint64_t count;  // calls lost so far, in all
};
static_assert(sizeof(LostRecord) == 24);

// A socket of a process whose calls are not seen, as the kernel's tables had it. Told when it was
// found and again when it is gone.
struct UnseenSocketRecord {
  std::atomic<uint32_t> head;
  uint32_t reserved;
  uint64_t start;           // when this was found out
  uint64_t since;           // before that the process didn't have it
  uint64_t until;           // since then it is gone; kStillThere
  SocketIdentity identity;  // fd -1, no cookie
};
static_assert(sizeof(UnseenSocketRecord) == 32 + sizeof(SocketIdentity));
inline constexpr uint64_t kStillThere = ~uint64_t{0};

// What lies at an address of a process, told before the first call that comes from there: module
// and symbol follow, neither with a NUL.
struct SymbolRecord {
  std::atomic<uint32_t> head;
  uint16_t module_size;
  uint16_t symbol_size;
  uint64_t address;
};
static_assert(sizeof(SymbolRecord) == 16);

// A program or library that was loaded when its process began; its path follows, padded with NUL.
struct ModuleRecord {
  std::atomic<uint32_t> head;
  uint32_t path_size;
  uint64_t base;   // what is added to the addresses in the file
  uint64_t begin;  // what it covers in memory
  uint64_t end;
};
static_assert(sizeof(ModuleRecord) == 32);

// The shared region -------------------------------------------------------------------------------
//
// Every traced process can write all of it, also one that has become another user. So nobody takes
// a pointer, a size, an index, a pid, a path or a count from here before it was checked against
// what they know themselves (docs/trust.md).

inline constexpr uint64_t kRegionMagic = 0x32676572'6d616573;  // "seamreg2"
inline constexpr uint32_t kRegionVersion = 2;
inline constexpr size_t kChunkSize = 4096;           // also its alignment
inline constexpr uint32_t kMostChunks = 12288;       // how far it may grow
inline constexpr uint32_t kMostPayload = 16u << 20;  // bytes of a buffer that are ever kept
inline constexpr size_t kMaxRegionPath = 64;
inline constexpr size_t kMaxPreload = 4096;

// The environment variable that names the region, beside LD_PRELOAD.
inline constexpr char kRegionVariable[] = "WIRESEAM_REGION";

// It holds the region's path; where the collector is under seccomp(2) filters, a separator and how
// many; and where the collector has a door, the key: a separator, the door's name and a secret. A
// datagram with the secret to the abstract UNIX socket of that name, behind the prefix, is answered
// by one with a descriptor of the region (SCM_RIGHTS).
inline constexpr char kFiltersSeparator = ';';
inline constexpr char kDoorSeparator = ',';
inline constexpr char kDoorPrefix[] = "wireseam-";
inline constexpr size_t kDoorKeySize = 16;  // of the name, and of the secret

enum class RegionClock : uint32_t { Realtime = 0, Tsc = 1 };

struct RegionHeader {
  uint64_t magic;
  uint32_t version;
  RegionClock clock;
  uint32_t payload_limit;  // bytes of a buffer that are kept, at most kMostPayload
  // What both sides write from here on.
  alignas(64) std::atomic<uint32_t> chunk_count;  // grows when many threads hold chunks
  std::atomic<uint32_t> off;                      // not 0: the collector is gone or has had enough
  std::atomic<uint32_t> processes;                // how many have begun; a process's index
  std::atomic<uint32_t> threads;                  // how many threads have begun; a thread's index
  std::atomic<uint32_t> waiting;                  // how many wait for a free chunk
  std::atomic<uint32_t>
      wanted;  // futex: bumped by who finds no free chunk; the collector sleeps on it
  std::atomic<uint32_t> freed;  // futex: bumped by the collector for each chunk that it gives back
  std::atomic<uint32_t> progress;  // bumped by the collector as its work proceeds
  // The collector's tid; the kernel sets FUTEX_OWNER_DIED here when it dies, even if nobody reaps
  // it (collector_life.h).
  std::atomic<uint32_t> collector;
  std::atomic<uint64_t> lost;  // calls that could not be recorded
};

// Owners follow the header, one word a chunk: 0 is free, else the tid that took it. Then come the
// chunks, as many as the file has room for.
inline constexpr size_t kOwnersOffset = (sizeof(RegionHeader) + 63) & ~size_t{63};
inline constexpr size_t kChunksOffset =
    (kOwnersOffset + kMostChunks * sizeof(uint32_t) + kChunkSize - 1) & ~(kChunkSize - 1);

constexpr size_t region_size(uint32_t chunks) { return kChunksOffset + chunks * kChunkSize; }

// How many chunks a region of that size has.
constexpr uint32_t chunks_in(size_t size) {
  const size_t chunks = size < kChunksOffset ? 0 : (size - kChunksOffset) / kChunkSize;
  return chunks < kMostChunks ? static_cast<uint32_t>(chunks) : kMostChunks;
}

// At the start of each chunk; the rest is zero until records are written.
struct ChunkHeader {
  uint32_t pid;
  uint32_t tid;
  uint32_t process;             // index, from 1; an exec makes a new one
  uint32_t thread;              // index, from 1
  uint32_t sequence;            // which chunk of this thread, from 0
  std::atomic<uint32_t> ready;  // 1 when the other fields are written
  uint32_t index;               // of this chunk
  uint32_t ids;                 // kInnerIds or 0
};
static_assert(sizeof(ChunkHeader) == 32);

// pid and tid are what the process knows itself by: it may live in a PID namespace of its own.
inline constexpr uint32_t kInnerIds = 1;

// The trace file (.wst) ---------------------------------------------------------------------------

inline constexpr char kTraceMagic[8] = {'w', 's', 't', 'r', 'a', 'c', 'e', '\n'};
inline constexpr uint32_t kTraceVersion = 1;
inline constexpr uint32_t kTraceByteOrder = 0x01020304;

struct TraceFileHeader {
  char magic[8];
  uint32_t byte_order;
  uint32_t version;
  uint32_t header_size;  // where the first record begins
  uint32_t word_size;    // sizeof(long) of the traced programs
  uint64_t started;      // CLOCK_REALTIME, ns
};
static_assert(sizeof(TraceFileHeader) == 32);

// Before each record of a trace file. size counts this context and the record, and stands in place
// of the size in the record's head, which is 0 in a file. A last record that is cut off is left
// out.
struct RecordContext {
  uint32_t size;
  uint32_t pid;
  uint32_t tid;
  uint32_t process;
};
static_assert(sizeof(RecordContext) == 16);

}  // namespace wireseam
