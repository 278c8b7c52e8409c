// SPDX-License-Identifier: Apache-2.0
// Names and headers of the framings. Sends and receives nothing.
#include "samples/exec/exec_framing.h"

#include <CLI/CLI.hpp>
#include <map>

#include "common/framing/json_header.h"
#include "common/framing/length_field.h"
#include "samples/program.h"

namespace wireseam::samples {
namespace {

const std::map<std::string_view, ExecFraming> kFramingNames = {
    {"raw", ExecFraming::Raw},
    {"len32le", ExecFraming::Len32le},
    {"json-header", ExecFraming::JsonHeader}};

}  // namespace

void add_exec_options(CLI::App& app, ExecOptions& options) {
  app.add_option("--framing", options.framing,
                 "How answers are framed: raw (not at all), len32le (int32 length, body), "
                 "json-header (int32 length, JSON header, body)")
      ->check(CLI::IsMember({"raw", "len32le", "json-header"}))
      ->capture_default_str();
  app.add_flag("--framed-requests", options.framed_requests,
               "Frame the commands too, so that they may be long and sent ahead");
  app.add_option("--encoding", options.encoding,
                 "Character encoding of commands' output on the connection, such as gbk");
}

void check_exec_options(const ExecOptions& options) {
  if (options.framed_requests && options.framing == "raw")
    throw UsageError("--framed-requests: raw has no frames");
}

ExecFraming exec_framing(std::string_view name) { return kFramingNames.at(name); }

std::string frame_header(ExecFraming framing, const JsonHeader& header) {
  switch (framing) {
    case ExecFraming::Raw:
      return {};
    case ExecFraming::Len32le:
      return encode_len32le_header(header.total_size);
    case ExecFraming::JsonHeader:
      return encode_json_header(header);
  }
  return {};
}

}  // namespace wireseam::samples
