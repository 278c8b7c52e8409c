// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/meta.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/error.h"
#include "common/private_mode.h"
#include "common/utc_time.h"

namespace wireseam {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr int kIndent = 2;
constexpr auto kReplaceWhatIsNoUtf8 = Json::error_handler_t::replace;  // a command may be any bytes

// Writing -----------------------------------------------------------------------------------------

Json to_json(const ClockReading& clocks) {
  std::string time;
  UtcTime().append(time, clocks.realtime_ns);
  return {
      {"time", time}, {"realtime_ns", clocks.realtime_ns}, {"monotonic_ns", clocks.monotonic_ns}};
}

Json to_json(const CaptureMeta& capture) {
  Json json{
      {"interface", capture.interface}, {"filter", capture.filter}, {"sieved", capture.sieved}};
  if (!capture.is_counted) return json;
  json["captured"] = capture.captured;
  json["kept"] = capture.kept;
  json["dropped_by_kernel"] = capture.drops.kernel;
  json["dropped_by_interface"] = capture.drops.interface;
  return json;
}

void add_status(Json& json, int32_t wait_status) {
  if (WIFSIGNALED(wait_status))
    json["signal"] = WTERMSIG(wait_status);
  else if (WIFEXITED(wait_status))
    json["exit_status"] = WEXITSTATUS(wait_status);
}

Json to_json(const RecordingMeta& meta) {
  Json json{{"recording", kFormat},          {"wireseam", meta.wireseam},
            {"command", meta.command},       {"host", meta.host},
            {"boot_id", meta.boot_id},       {"started", to_json(meta.started)},
            {"payload", meta.payload_limit}, {"framing", meta.framing},
            {"missing", meta.missing}};
  if (meta.capture) json["capture"] = to_json(*meta.capture);
  if (meta.ended) json["ended"] = to_json(*meta.ended);
  if (meta.wait_status) add_status(json, *meta.wait_status);
  return json;
}

// Reading -----------------------------------------------------------------------------------------

ClockReading clocks_of(const Json& json) {
  return {json.at("realtime_ns").get<uint64_t>(), json.at("monotonic_ns").get<uint64_t>()};
}

CaptureMeta capture_of(const Json& json) {
  CaptureMeta capture{.interface = json.at("interface").get<std::string>(),
                      .filter = json.at("filter").get<std::string>(),
                      .sieved = json.at("sieved").get<bool>(),
                      .is_counted = json.contains("captured"),
                      .drops = {}};
  if (!capture.is_counted) return capture;
  capture.captured = json.at("captured").get<uint64_t>();
  capture.kept = json.at("kept").get<uint64_t>();
  capture.drops.kernel = json.at("dropped_by_kernel").get<uint64_t>();
  capture.drops.interface = json.at("dropped_by_interface").get<uint64_t>();
  return capture;
}

std::optional<int32_t> status_of(const Json& json) {
  if (json.contains("signal")) return W_EXITCODE(0, json.at("signal").get<int>());
  if (json.contains("exit_status")) return W_EXITCODE(json.at("exit_status").get<int>(), 0);
  return std::nullopt;
}

RecordingMeta meta_of(const Json& json) {
  RecordingMeta meta{.wireseam = json.at("wireseam").get<std::string>(),
                     .command = json.at("command").get<std::vector<std::string>>(),
                     .host = json.at("host").get<std::string>(),
                     .boot_id = json.at("boot_id").get<std::string>(),
                     .started = clocks_of(json.at("started")),
                     .payload_limit = json.at("payload").get<uint32_t>(),
                     .framing = json.at("framing").get<std::vector<std::string>>(),
                     .capture = std::nullopt,
                     .missing = json.at("missing").get<std::vector<std::string>>(),
                     .ended = std::nullopt,
                     .wait_status = status_of(json)};
  if (json.contains("capture")) meta.capture = capture_of(json.at("capture"));
  if (json.contains("ended")) meta.ended = clocks_of(json.at("ended"));
  return meta;
}

void write_file(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kPrivateFile);
  std::FILE* file = fd < 0 ? nullptr : fdopen(fd, "w");
  if (file == nullptr) throw Error("cannot create", path, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int error = errno;
  const bool closed = std::fclose(file) == 0;
  if (written && closed) return;
  const Error failure("cannot write", path, written ? errno : error);
  unlink(path.c_str());
  throw failure;
}

std::string read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) throw Error("cannot read", path, errno);
  return text;
}

}  // namespace

ClockReading read_clocks() { return {clock_ns(CLOCK_REALTIME), clock_ns(CLOCK_MONOTONIC)}; }

std::string other_clock(const RecordingMeta& first, const RecordingMeta& part) {
  if (part.boot_id == first.boot_id) return "";
  const std::string where = part.host == first.host ? "after another boot of '" + part.host
                                                    : "on another host, '" + part.host;
  return "it was recorded " + where + "', so its times are of another clock";
}

RecordingMeta read_meta(const std::string& path) {
  const std::string text = read_file(path);
  try {
    const Json json = Json::parse(text);
    const int format = json.at("recording").get<int>();
    if (format != kFormat)
      throw Error("'" + path + "' is of format " + std::to_string(format) +
                  ", and this wireseam reads " + std::to_string(kFormat));
    return meta_of(json);
  } catch (const Json::exception& error) {
    throw Error("'" + path + "' describes no recording: " + error.what());
  }
}

void write_meta(const std::string& path, const RecordingMeta& meta) {
  const std::string next = path + ".new";
  write_file(next, to_json(meta).dump(kIndent, ' ', false, kReplaceWhatIsNoUtf8) + '\n');
  if (std::rename(next.c_str(), path.c_str()) == 0) return;
  const int error = errno;
  unlink(next.c_str());
  throw Error("cannot write", path, error);
}

}  // namespace wireseam
