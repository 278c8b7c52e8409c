// SPDX-License-Identifier: Apache-2.0
// A relayed client, full duplex: it waits for stdin and for the socket at once.
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "samples/chat.h"
#include "samples/lines.h"
#include "samples/messages.h"

namespace wireseam::samples {
namespace {

class FreeTalk {
 public:
  FreeTalk(const Connection& server, const ClientOptions& options)
      : server_(server), buffer_(options.recv_size) {}

  // All that is to be said, instead of stdin.
  void say_only(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) say(line);
    input_ = Input::Ended;
  }

  void say(std::string_view line);

  // Waits for something and deals with it; false when the server has closed the connection.
  bool wait_and_talk();

 private:
  enum class Input { Open, Ended, ServerKnows };

  void read_input();
  void send_unsent();
  bool receive();

  const Connection& server_;
  std::vector<char> buffer_;
  Input input_ = Input::Open;
  Lines typed_;
  std::string unsent_;
};

void FreeTalk::say(std::string_view line) {
  if (input_ != Input::Open) return;
  if (line == kExit)
    input_ = Input::Ended;
  else
    unsent_.append(line).append("\n");
}

bool FreeTalk::wait_and_talk() {
  const bool can_say_more = input_ == Input::Open && unsent_.empty();
  const int socket_events = unsent_.empty() ? POLLIN : POLLIN | POLLOUT;
  std::array<pollfd, 2> ready{{
      {.fd = can_say_more ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0},
      {.fd = server_.fd.get(), .events = static_cast<short>(socket_events), .revents = 0},
  }};
  const int count = poll(ready.data(), ready.size(), -1);
  // SIGSTOP and SIGCONT interrupt it too, though nobody handles them (signal(7)).
  if (count < 0 && errno == EINTR) return true;
  checked(count, "poll", server_.peer);

  if (ready[0].revents != 0) read_input();
  if (!unsent_.empty() || input_ == Input::Ended) send_unsent();
  return (ready[1].revents & ~POLLOUT) == 0 || receive();
}

void FreeTalk::read_input() {
  const ssize_t got = read(STDIN_FILENO, buffer_.data(), buffer_.size());
  const size_t size = checked_size(got, "read", "stdin");
  typed_.add({buffer_.data(), size});
  while (const auto line = typed_.next()) say(*line);
  if (size > 0) return;
  if (!typed_.rest().empty()) say(typed_.take_rest());
  input_ = Input::Ended;
}

// Does not block: a server that waits for us to read would wait for ever. At the end of the input
// it tells the server, who then closes the connection.
void FreeTalk::send_unsent() {
  const ssize_t sent =
      send(server_.fd.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0 || errno != EAGAIN) unsent_.erase(0, checked_size(sent, "send", server_.peer));
  if (input_ != Input::Ended || !unsent_.empty()) return;
  checked(shutdown(server_.fd.get(), SHUT_WR), "shutdown", server_.peer);
  input_ = Input::ServerKnows;
}

bool FreeTalk::receive() {
  const ssize_t received = recv(server_.fd.get(), buffer_.data(), buffer_.size(), 0);
  const size_t size = checked_size(received, "recv", server_.peer);
  print({buffer_.data(), size});
  return size > 0;
}

}  // namespace

void talk_freely(const Connection& server, const ClientOptions& options, const std::string& name) {
  FreeTalk talk(server, options);
  if (!name.empty()) talk.say(std::string(kNameLine) + name);
  if (!options.messages.empty()) talk.say_only(options.messages);
  while (talk.wait_and_talk()) continue;
}

}  // namespace wireseam::samples
