// SPDX-License-Identifier: Apache-2.0
// Writes the files of a recording's parts, as a recorder would have left them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspector/capture/packet_writer.h"
#include "inspector/recording/recording.h"
#include "tests/unit/packets/packet_builder.h"
#include "tests/unit/temp_folder.h"
#include "tests/unit/trace/event_builder.h"
#include "tracer/trace/record.h"
#include "tracer/trace/writer.h"

namespace wireseam::test {

inline RecordingMeta ended_meta() {
  RecordingMeta meta;
  meta.command = {"program"};
  meta.capture = CaptureMeta{};
  meta.capture->sieved = true;
  meta.ended = ClockReading{2, 2};
  return meta;
}

struct TimedPacket {
  uint64_t time_ns;
  std::string_view bytes;
};

inline void write_packets(const std::string& path, const std::vector<TimedPacket>& packets,
                          uint32_t link_type = kLinkEthernet) {
  PacketWriter writer(path, {link_type});
  for (const TimedPacket& each : packets) {
    RawPacket packet = raw_packet(each.bytes, link_type);
    packet.time_ns = each.time_ns;
    writer.write(packet);
  }
}

inline void write_calls(const std::string& path, const std::vector<Event>& events) {
  std::vector<std::byte> bytes;
  append_file_header(bytes, 1000);
  for (const Event& event : events)
    append_record(bytes, {0, event.pid, event.tid, event.process}, encode_record(event));
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

// A part that is complete: no calls and no packets, unless they are written over.
inline std::string write_part(const std::string& folder, const RecordingMeta& meta = ended_meta()) {
  std::filesystem::create_directory(folder);
  write_calls(folder + "/" + kCallsFile, {});
  write_packets(folder + "/" + kPacketsFile, {});
  write_meta(folder + "/" + kMetaFile, meta);
  return folder;
}

}  // namespace wireseam::test
