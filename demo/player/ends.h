// SPDX-License-Identifier: Apache-2.0
// The two ends of a connection over loopback, a process each, for scenarios that no sample can
// play. The calls are those of any textbook: they are what is to be seen.
#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

#include "common/fd.h"

namespace wireseam::player {

// Tells the user what is played: a line on standard output, at once.
void tell(const std::string& line);

// Runs `body` in a process of that name, at most 15 characters, which ends with exit status 1 where
// it throws.
pid_t start_process(const std::string& name, const std::function<void()>& body);

// Throws Error unless the process ends with exit status 0.
void wait_for(pid_t pid, std::string_view what);

// Throws Error where `result` is negative: "CALL: ERRNO TEXT".
int checked(int result, std::string_view call);
size_t checked_size(ssize_t result, std::string_view call);

// A listener at a free port of loopback.
Fd listen_on_loopback(int backlog);
sockaddr_in name_of(const Fd& socket);

Fd accept_from(const Fd& listener);
Fd connect_to(const sockaddr_in& server);

// send(2) once; recv(2) once, or until so many bytes are there or the peer has ended.
void send_text(const Fd& socket, std::string_view text);
std::string receive_some(const Fd& socket, size_t room);
std::string receive_all(const Fd& socket, size_t size);

// poll(2) until one of the events is there.
void wait_until(const Fd& socket, short events);

void set_option(const Fd& socket, int level, int option, int value, std::string_view name);

// What one end of a connection does with it.
using Talk = std::function<void(const Fd& connection)>;

// Lets NAME-server accept a connection of NAME-client, and waits for both to end.
void play_pair(const std::string& name, const Talk& server, const Talk& client);

// Lets one process wait for another; made before both.
class Signal {
 public:
  Signal();
  void give() const;
  // Returns when it was given, or whoever could give it has ended.
  void await();

 private:
  Fd reader_;
  Fd writer_;
};

}  // namespace wireseam::player
