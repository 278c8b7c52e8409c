// SPDX-License-Identifier: Apache-2.0
// Sends and receives commands. Runs none.
#include "samples/exec/requests.h"

#include <fmt/format.h>

#include <utility>

#include "common/error.h"
#include "samples/exec/md5.h"
#include "samples/exec/web_request.h"
#include "samples/program.h"

namespace wireseam::samples {
namespace {

// What a server's recv asks for unless told otherwise.
constexpr size_t kUsualRecvSize = 1024;

// As it is typed into nc(1).
void strip_newline(std::string& request) {
  if (request.ends_with('\n')) request.pop_back();
  if (request.ends_with('\r')) request.pop_back();
}

}  // namespace

void send_request(const Connection& to, const ExecOptions& options, std::string_view request) {
  std::string bytes;
  if (!options.framed_requests && request.size() > kUsualRecvSize)
    warn(fmt::format("a request of {} bytes may be cut: --framed-requests would keep it whole",
                     request.size()));
  if (options.framed_requests)
    bytes = frame_header(exec_framing(options.framing),
                         {.total_size = request.size(), .md5 = md5_of(request)});
  bytes += request;
  send_all(to, bytes);
}

RequestReader::RequestReader(const Connection& from, const ExecOptions& options, size_t recv_size)
    : from_(from), recv_size_(recv_size) {
  if (options.framed_requests) frames_.emplace(from, options.framing, recv_size);
}

std::optional<std::string> RequestReader::next() {
  constexpr size_t kEnough = 64;  // to see it in what one recv(2) brings
  const bool is_first = !std::exchange(has_begun_, true);
  if (is_first && (frames_ || recv_size_ < kEnough)) look_at_first_bytes();
  auto request = frames_ ? next_framed() : next_bare();
  if (request) refuse_web(*request);
  return request;
}

void RequestReader::refuse_web(std::string_view request) const {
  if (begins_like_http(request) || begins_with_header_field(request))
    throw Error(
        fmt::format("recv {}: this is HTTP and no command; nothing of it is run", from_.peer));
}

// However little one recv(2) asks for, and whatever the framing would make of them.
void RequestReader::look_at_first_bytes() {
  std::string bytes(kUsualRecvSize, '\0');
  const ssize_t size = recv(from_.fd.get(), bytes.data(), bytes.size(), MSG_PEEK);
  if (size > 0) refuse_web(std::string_view(bytes).substr(0, static_cast<size_t>(size)));
}

std::optional<std::string> RequestReader::next_bare() {
  std::string request(recv_size_, '\0');
  const ssize_t received = recv(from_.fd.get(), request.data(), request.size(), 0);
  request.resize(checked_size(received, "recv", from_.peer));
  if (request.empty()) return std::nullopt;
  strip_newline(request);
  return request;
}

std::optional<std::string> RequestReader::next_framed() {
  const auto header = frames_->next_header();
  if (!header) return std::nullopt;
  if (header->total_size > kMaxRequestSize)
    throw Error(fmt::format("recv {}: a request of {} bytes is longer than {}", from_.peer,
                            header->total_size, kMaxRequestSize));
  std::string request;
  for (auto piece = frames_->next_piece(); !piece.empty(); piece = frames_->next_piece())
    request += piece;
  if (!header->md5.empty() && !is_same_md5(header->md5, md5_of(request)))
    throw Error(fmt::format("recv {}: the request's MD5 is not the header's", from_.peer));
  return request;
}

}  // namespace wireseam::samples
