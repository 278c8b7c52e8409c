// SPDX-License-Identifier: Apache-2.0
// A file's way from the connection to the disk, in pieces. Runs no command.
#include "samples/exec/fetch.h"

#include <fmt/format.h>

#include "common/error.h"
#include "samples/exec/body.h"
#include "samples/exec/local_file.h"
#include "samples/exec/requests.h"
#include "samples/program.h"

namespace wireseam::samples {
namespace {

std::string last_name(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name.empty() || name == "." || name == "..")
    throw UsageError(fmt::format("--get '{}' names no file: give -o FILE", path));
  return name;
}

// The server says in the body why there is no file.
Error refusal(FrameReceiver& frames, const JsonHeader& header) {
  constexpr size_t kMaxReason = 1000;
  std::string reason;
  receive_body(frames, header, [&](std::string_view piece) {
    reason += piece.substr(0, kMaxReason - reason.size());
  });
  while (reason.ends_with('\n')) reason.pop_back();
  return Error(fmt::format("refused by {}", reason));
}

void check_md5(BodyCheck check, const std::string& md5) {
  switch (check) {
    case BodyCheck::Right:
      return warn(fmt::format("MD5 {}: right", md5));
    case BodyCheck::Wrong:
      throw Error(fmt::format("MD5 {}: wrong, the file is damaged and not kept", md5));
    case BodyCheck::NotChecked:
      return warn("MD5 not checked: the header has none");
  }
}

}  // namespace

void fetch(const Connection& server, const ExecOptions& options, size_t recv_size,
           const FetchOptions& what) {
  LocalFile file(what.output.empty() ? last_name(what.path) : what.output,
                 what.output.empty() ? IfExists::Refuse : IfExists::Replace);
  send_request(server, options, "get " + what.path);

  FrameReceiver frames(server, options.framing, recv_size);
  const auto header = frames.next_header();
  if (!header) throw Error(fmt::format("recv {}: closed without an answer", server.peer));
  if (header->status.value_or(0) != 0) throw refusal(frames, *header);
  check_md5(receive_body(frames, *header, [&](std::string_view piece) { file.write(piece); }),
            header->md5);
  file.commit();
}

}  // namespace wireseam::samples
