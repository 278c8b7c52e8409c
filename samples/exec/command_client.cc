// SPDX-License-Identifier: Apache-2.0
// A command, its answer, the next command. Keeps no answer.
#include "samples/exec/command_client.h"

#include <fmt/format.h>

#include "common/error.h"
#include "samples/exec/body.h"
#include "samples/exec/requests.h"
#include "samples/program.h"

namespace wireseam::samples {
namespace {

Error no_answer(const Connection& server) {
  return Error(fmt::format("recv {}: closed without an answer", server.peer));
}

CommandOutcome report_check(BodyCheck check, const std::string& md5) {
  switch (check) {
    case BodyCheck::Right:
      warn(fmt::format("MD5 {}: right", md5));
      return CommandOutcome::Good;
    case BodyCheck::Wrong:
      warn(fmt::format("MD5 {}: wrong, the output is damaged", md5));
      return CommandOutcome::Bad;
    case BodyCheck::NotChecked:
      warn("MD5 not checked: the header has none");
      return CommandOutcome::Good;
  }
  return CommandOutcome::Bad;
}

}  // namespace

CommandClient::CommandClient(const Connection& server, const ExecOptions& options, size_t recv_size)
    : server_(server),
      options_(options),
      framing_(exec_framing(options.framing)),
      recv_size_(recv_size),
      frames_(server, options.framing, recv_size),
      output_(options.encoding) {}

CommandOutcome CommandClient::run(const std::string& command) {
  send_request(server_, options_, command);
  if (framing_ != ExecFraming::Raw) return receive_framed();
  receive_raw();
  return CommandOutcome::Good;
}

// One recv(2) on purpose, as naive clients have it. Raw output has no end that could be seen, so
// what did not fit into this recv is taken for the next command's answer: "sticky packets". The
// other framings are the cure.
void CommandClient::receive_raw() {
  std::string answer(recv_size_, '\0');
  const ssize_t received = recv(server_.fd.get(), answer.data(), answer.size(), 0);
  answer.resize(checked_size(received, "recv", server_.peer));
  if (answer.empty()) throw no_answer(server_);
  output_.write(answer);
}

CommandOutcome CommandClient::receive_framed() {
  const auto header = frames_.next_header();
  if (!header) throw no_answer(server_);
  const BodyCheck check =
      receive_body(frames_, *header, [this](std::string_view piece) { output_.write(piece); });
  output_.finish();
  if (framing_ == ExecFraming::Len32le) return CommandOutcome::Good;

  const CommandOutcome outcome = report_check(check, header->md5);
  const int status = header->status.value_or(0);
  if (status == 0) return outcome;
  warn(fmt::format("the command's status is {}", status));
  return CommandOutcome::Bad;
}

}  // namespace wireseam::samples
