// SPDX-License-Identifier: Apache-2.0
// A recording: a folder with the calls of a program (calls.wst), the packets of its sockets
// (wire.pcap), and what both are about (meta.json). Other programs that joined it have a folder
// each below it, by number from 2 on, with the same three files: its parts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspector/recording/meta.h"

namespace wireseam {

inline constexpr char kMetaFile[] = "meta.json";
inline constexpr char kCallsFile[] = "calls.wst";
inline constexpr char kPacketsFile[] = "wire.pcap";

enum class RecordingState : uint8_t {
  Running,  // its recorder holds the lock (flock(2)) on the file of calls
  Ended,
  BrokenOff,  // its recorder died: all is there up to then, and packets of other programs may be
};

struct RecordingPart {
  std::string folder;
  RecordingState state = RecordingState::Ended;
  RecordingMeta meta;

  std::string file(const char* name) const { return folder + "/" + name; }

  // Whether its recorder could not leave out the packets of other programs, and won't any more.
  bool has_others_packets() const;
};

class Recording {
 public:
  // Throws Error, which says what the folder lacks, where it is no recording. A folder below it
  // that is none is no part of it.
  explicit Recording(const std::string& folder);

  // Looks again: who has ended, who has joined.
  void refresh();

  // Whether any of its parts is still being recorded.
  bool is_running() const;

  // The folder itself, then those that joined, in that order.
  const std::vector<RecordingPart>& parts() const { return parts_; }

  // Whether any of its parts has captured packets.
  bool has_packets() const;

  // The rules of the first part that has any.
  const std::vector<std::string>& framing() const;

  // What is missing in its parts and why, a line for the user each.
  std::vector<std::string> missing() const;

 private:
  std::vector<RecordingPart> parts_;
};

bool is_folder(const std::string& path);

}  // namespace wireseam
