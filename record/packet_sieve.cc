// SPDX-License-Identifier: Apache-2.0
#include "record/packet_sieve.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "common/error.h"
#include "inspector/capture/capture_file.h"
#include "inspector/recording/host_addresses.h"
#include "inspector/recording/packet_choice.h"
#include "inspector/recording/recording.h"
#include "tracer/trace/reader.h"

namespace wireseam {
namespace {

// From its beginning, whoever has read of it before.
Fd reopened(const Fd& file, const char* name) {
  Fd again(fcntl(file.get(), F_DUPFD_CLOEXEC, 0));
  if (!again || lseek(again.get(), 0, SEEK_SET) != 0) throw Error("cannot read", name, errno);
  return again;
}

}  // namespace

bool sieve_packets(const Fd& calls, const Fd& packets, const LiveSieve& live, PacketWriter& kept) {
  TraceReader trace(reopened(calls, kCallsFile), kCallsFile);
  CaptureFile first_time(reopened(packets, kPacketsFile), kPacketsFile);
  const PacketChoice choice(trace, first_time, host_addresses());

  if (live.agrees_with(choice)) return choice.has_connections();
  kept.begin_again();
  CaptureFile second_time(reopened(packets, kPacketsFile), kPacketsFile);
  while (const RawPacket* raw = second_time.next())
    if (choice.is_chosen(raw->number)) kept.write(*raw);
  return choice.has_connections();
}

}  // namespace wireseam
