// SPDX-License-Identifier: Apache-2.0
#include "demo/record_play.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "common/error.h"
#include "record/record_program.h"

namespace wireseam {
namespace {

constexpr char kPlayer[] = "wireseam-player";

std::string player_path() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw Error("cannot read", "/proc/self/exe", error.value()).with_cure("Mount /proc.");
  const std::string path = self.parent_path() / kPlayer;
  if (access(path.c_str(), X_OK) != 0)
    throw Error("cannot run the program that plays", path, errno)
        .with_cure("It is built and installed beside wireseam.");
  return path;
}

}  // namespace

int32_t record_play(const std::string& scenario, const std::string& framing,
                    const std::string& folder,
                    const std::function<void(const std::string&)>& warn) {
  RecordRequest request;
  request.command = {player_path(), scenario};
  request.folder = folder;
  request.interface = "lo";
  if (!framing.empty()) request.framing.push_back(framing);
  return record_program(request, warn);
}

}  // namespace wireseam
