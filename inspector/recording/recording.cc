// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/recording.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "common/error.h"
#include "common/fd.h"

namespace wireseam {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool is_locked(const std::string& path) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw Error("cannot open", path, errno);
  return flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

RecordingState state_of(bool locked, const RecordingMeta& meta) {
  if (meta.ended) return RecordingState::Ended;
  return locked ? RecordingState::Running : RecordingState::BrokenOff;
}

RecordingPart read_part(const std::string& folder) {
  RecordingPart part{.folder = folder, .state = {}, .meta = {}};
  // In this order: a recorder that ends writes its end before it gives up the lock.
  const bool locked = is_locked(part.file(kCallsFile));
  part.meta = read_meta(part.file(kMetaFile));
  part.state = state_of(locked, part.meta);
  return part;
}

void check_folder(const std::string& folder) {
  if (access((folder + "/.").c_str(), F_OK) != 0 && errno == EACCES)
    throw Error("cannot open", folder, errno);
  if (!exists(folder)) throw Error("there is no recording '" + folder + "'");
  if (!is_folder(folder)) throw Error("'" + folder + "' is no recording: it is no folder");
  for (const char* name : {kMetaFile, kCallsFile})
    if (!exists(folder + "/" + name))
      throw Error("'" + folder + "' is no recording: it has no " + name);
}

// 0 for a name that is none of a part.
uint32_t part_number(const std::string& name) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : 0;
}

std::vector<uint32_t> joined_numbers(const std::string& folder) {
  std::vector<uint32_t> numbers;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    const uint32_t number = part_number(name);
    // One that has just been made may have no files yet.
    if (number > 0 && exists(entry->path() / kMetaFile)) numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

}  // namespace

bool RecordingPart::has_others_packets() const {
  return meta.capture && !meta.capture->sieved && state != RecordingState::Running;
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

Recording::Recording(const std::string& folder) {
  check_folder(folder);
  parts_.push_back(read_part(folder));
  for (const uint32_t number : joined_numbers(folder))
    parts_.push_back(read_part(folder + "/" + std::to_string(number)));
}

void Recording::refresh() {
  for (RecordingPart& part : parts_)
    if (part.state == RecordingState::Running) part = read_part(part.folder);
  const std::string folder = parts_.front().folder;
  for (const uint32_t number : joined_numbers(folder)) {
    const std::string joined = folder + "/" + std::to_string(number);
    if (std::ranges::find(parts_, joined, &RecordingPart::folder) == parts_.end())
      parts_.push_back(read_part(joined));
  }
}

bool Recording::is_running() const {
  return std::ranges::find(parts_, RecordingState::Running, &RecordingPart::state) != parts_.end();
}

bool Recording::has_packets() const {
  return std::ranges::any_of(
      parts_, [](const RecordingPart& part) { return part.meta.capture.has_value(); });
}

const std::vector<std::string>& Recording::framing() const {
  const auto found = std::ranges::find_if(
      parts_, [](const RecordingPart& part) { return !part.meta.framing.empty(); });
  return found != parts_.end() ? found->meta.framing : parts_.front().meta.framing;
}

std::vector<std::string> Recording::missing() const {
  std::vector<std::string> lines;
  for (const RecordingPart& part : parts_) {
    for (const std::string& line : part.meta.missing) lines.push_back(part.folder + ": " + line);
    const std::string foreign = other_clock(parts_.front().meta, part.meta);
    if (!foreign.empty()) lines.push_back(part.folder + ": " + foreign);
    if (part.state == RecordingState::Running) lines.push_back(part.folder + ": it still runs");
    if (part.state == RecordingState::BrokenOff)
      lines.push_back(part.folder + ": its recorder died; this is what there was until then");
    if (part.has_others_packets())
      lines.push_back(part.file(kPacketsFile) +
                      " may have packets of other programs; they are left out here");
  }
  return lines;
}

}  // namespace wireseam
