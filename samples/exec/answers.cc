// SPDX-License-Identifier: Apache-2.0
// Sends answers. Runs no command and opens no file.
#include "samples/exec/answers.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

#include "common/error.h"
#include "common/framing/json_header.h"
#include "samples/exec/md5.h"

namespace wireseam::samples {
namespace {

constexpr size_t kPieceSize = 65536;

// Gives all of the file to USE, piece by piece.
void read_file(const ServedFile& file, const std::function<void(std::string_view)>& use) {
  std::string buffer(kPieceSize, '\0');
  for (uint64_t offset = 0; offset < file.size;) {
    const size_t wanted = std::min<uint64_t>(buffer.size(), file.size - offset);
    const ssize_t result = pread(file.fd.get(), buffer.data(), wanted, static_cast<off_t>(offset));
    const size_t got = checked_size(result, "read", file.name);
    if (got == 0) throw Error(fmt::format("read {}: it has become shorter", file.name));
    use(std::string_view(buffer).substr(0, got));
    offset += got;
  }
}

}  // namespace

void send_answer(const Connection& to, ExecFraming framing, const CommandResult& result) {
  const std::string body = result.out + result.err;
  if (framing == ExecFraming::Raw && body.empty()) return send_all(to, "CMDexecuted");
  const JsonHeader header{.total_size = body.size(), .md5 = md5_of(body), .status = result.status};
  // In one send, though two would do: a small header alone, and Nagle's algorithm would keep the
  // body back until the client has acknowledged it.
  send_all(to, frame_header(framing, header) + body);
}

void send_file(const Connection& to, const ServedFile& file) {
  Md5 md5;
  read_file(file, [&](std::string_view piece) { md5.update(piece); });
  const JsonHeader header{
      .total_size = file.size, .md5 = md5.hex(), .filename = file.name, .status = 0};
  send_all(to, frame_header(ExecFraming::JsonHeader, header));
  read_file(file, [&](std::string_view piece) { send_all(to, piece); });
}

}  // namespace wireseam::samples
