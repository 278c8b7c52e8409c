// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/door.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "tracer/shim/raw_syscall.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

// The collector looks at its door every 10 ms, but it may be held up, or be stopped. Whether it is
// still there is looked at in between.
constexpr timeval kStep{0, 50'000};
constexpr int kSteps = 20;

// What came with the collector's answer; the kernel says who sent it.
struct Answer {
  int fd = -1;
  uid_t sender = static_cast<uid_t>(-1);
};

// The result of recvmsg(2).
long receive_answer(int fd, Answer& answer) {
  char byte;
  iovec bytes{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(ucred))]{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const long result = raw_syscall(SYS_recvmsg, fd, raw_pointer(&message), MSG_CMSG_CLOEXEC);
  if (is_error(result)) return result;
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr;
       item = CMSG_NXTHDR(&message, item)) {
    ucred sender;
    if (item->cmsg_type == SCM_RIGHTS) memcpy(&answer.fd, CMSG_DATA(item), sizeof answer.fd);
    if (item->cmsg_type != SCM_CREDENTIALS) continue;
    memcpy(&sender, CMSG_DATA(item), sizeof sender);
    answer.sender = sender.uid;
  }
  return result;
}

void set_option(int fd, int option, const void* value, size_t size) {
  raw_syscall(SYS_setsockopt, fd, SOL_SOCKET, option, raw_pointer(value), static_cast<long>(size));
}

class Door {
 public:
  Door(int fd, const char* name) : fd_(fd) {
    address_.sun_family = AF_UNIX;
    memcpy(address_.sun_path + 1, kDoorPrefix, kPrefix);
    memcpy(address_.sun_path + 1 + kPrefix, name, kDoorKeySize);
  }

  // Whether somebody is there.
  bool stand_before() {
    constexpr long kSize = offsetof(sockaddr_un, sun_path) + 1 + kPrefix + kDoorKeySize;
    return raw_syscall(SYS_connect, fd_, raw_pointer(&address_), kSize) == 0;
  }

  Answer ask(const char* secret) {
    const int on = 1;
    const sa_family_t any_name = AF_UNIX;
    set_option(fd_, SO_PASSCRED, &on, sizeof on);
    set_option(fd_, SO_RCVTIMEO, &kStep, sizeof kStep);
    set_option(fd_, SO_SNDTIMEO, &kStep, sizeof kStep);
    raw_syscall(SYS_bind, fd_, raw_pointer(&any_name), sizeof any_name);
    Answer answer;
    bool said = false;
    for (int i = 0; i < kSteps && stand_before(); ++i) {
      // Many may stand there, and the queue is short (net.unix.max_dgram_qlen).
      if (!said) said = say(secret);
      if (said && !is_error(receive_answer(fd_, answer))) break;
    }
    return answer;
  }

 private:
  static constexpr size_t kPrefix = sizeof kDoorPrefix - 1;

  bool say(const char* secret) {
    return !is_error(
        raw_syscall(SYS_sendto, fd_, raw_pointer(secret), kDoorKeySize, MSG_NOSIGNAL, 0, 0));
  }

  int fd_;
  sockaddr_un address_{};
};

}  // namespace

// What anybody but root says is not believed: the door's name is to be seen by all users.
long ask_at_door(const char* key) {
  if (strlen(key) != 2 * kDoorKeySize) return -ENOENT;
  const long fd = raw_syscall(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (is_error(fd)) return fd;
  const Answer answer = Door(static_cast<int>(fd), key).ask(key + kDoorKeySize);
  raw_syscall(SYS_close, fd);
  if (answer.fd >= 0 && answer.sender == 0) return answer.fd;
  if (answer.fd >= 0) raw_syscall(SYS_close, answer.fd);
  return -EACCES;
}

}  // namespace wireseam
