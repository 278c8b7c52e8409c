// SPDX-License-Identifier: Apache-2.0
#include "record/new_recording.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "common/error.h"
#include "common/private_mode.h"
#include "inspector/recording/recording.h"

namespace wireseam {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kFirstToJoin = 2;

// Whether it was made, not there before.
bool make_folder(const std::string& folder) {
  if (mkdir(folder.c_str(), kPrivateFolder) == 0) return true;
  if (errno != EEXIST) throw Error("cannot make the folder", folder, errno);
  if (!is_folder(folder)) throw Error("'" + folder + "' is there already, and it is no folder");
  return false;
}

void refuse_occupied(const std::string& folder) {
  if (fs::exists(folder + "/" + kMetaFile))
    throw Error("'" + folder + "' is a recording already")
        .with_cure("--join " + folder + " adds a program to it; -o takes a new folder");
  if (!fs::is_empty(folder))
    throw Error("'" + folder + "' is not empty: a recording takes a new folder");
}

std::string make_part(const std::string& folder) {
  // It says what is amiss.
  const Recording recording(folder);
  for (unsigned number = kFirstToJoin;; ++number) {
    std::string part = folder + "/" + std::to_string(number);
    if (mkdir(part.c_str(), kPrivateFolder) == 0) return part;
    if (errno != EEXIST) throw Error("cannot make the folder", part, errno);
  }
}

// Of two who began in the same empty folder one fails here.
Fd make_calls(const std::string& path) {
  Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateFile));
  if (!file) throw Error("cannot create", path, errno);
  if (flock(file.get(), LOCK_EX) != 0) throw Error("cannot lock", path, errno);
  return file;
}

}  // namespace

NewRecording::NewRecording(const std::string& folder, RecordingPlace place) : folder_(folder) {
  try {
    made_ = place == RecordingPlace::Joined || make_folder(folder);
    if (place == RecordingPlace::Joined)
      folder_ = make_part(folder);
    else if (!made_)
      refuse_occupied(folder);
  } catch (const fs::filesystem_error& error) {
    throw Error("cannot look into", folder, error.code().value());
  }
  lock_ = make_calls(file(kCallsFile));
}

void NewRecording::begin(const RecordingMeta& meta) { write_meta(file(kMetaFile), meta); }

// The lock goes after the end was written: see Recording.
void NewRecording::end(const RecordingMeta& meta) {
  write_meta(file(kMetaFile), meta);
  lock_.reset();
}

void NewRecording::discard() {
  for (const char* name : {kMetaFile, kPacketsFile, kCallsFile}) unlink(file(name).c_str());
  if (made_) rmdir(folder_.c_str());
}

}  // namespace wireseam
