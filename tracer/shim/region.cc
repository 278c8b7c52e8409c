// SPDX-License-Identifier: Apache-2.0
// The region is a file without a name that the collector holds open. It is opened through /proc; a
// program that may not do so, since it has become another user or sees no /proc, asks root's
// collector for the descriptor.
#include "tracer/shim/region.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include "tracer/shim/raw_syscall.h"

namespace wireseam {
namespace {

bool is_error(long result) { return result < 0 && result > -4096; }

const char* region_variable(char** environment) {
  constexpr size_t kLength = sizeof kRegionVariable - 1;
  for (char** item = environment; item != nullptr && *item != nullptr; ++item)
    if (strncmp(*item, kRegionVariable, kLength) == 0 && (*item)[kLength] == '=')
      return *item + kLength + 1;
  return nullptr;
}

RegionHeader* map_descriptor(int fd) {
  struct stat status;
  if (raw_syscall(SYS_fstat, fd, raw_pointer(&status)) != 0) return nullptr;
  if (status.st_size < static_cast<off_t>(sizeof(RegionHeader))) return nullptr;
  const long mapped =
      raw_syscall(SYS_mmap, 0, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return is_error(mapped) ? nullptr : reinterpret_cast<RegionHeader*>(mapped);
}

// What came with the collector's answer; the kernel says who sent it.
struct Answer {
  int fd = -1;
  uid_t sender = static_cast<uid_t>(-1);
};

Answer receive_answer(int fd) {
  char byte;
  iovec bytes{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(ucred))]{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  Answer answer;
  if (is_error(raw_syscall(SYS_recvmsg, fd, raw_pointer(&message), MSG_CMSG_CLOEXEC)))
    return answer;
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr;
       item = CMSG_NXTHDR(&message, item)) {
    ucred sender;
    if (item->cmsg_type == SCM_RIGHTS) memcpy(&answer.fd, CMSG_DATA(item), sizeof answer.fd);
    if (item->cmsg_type != SCM_CREDENTIALS) continue;
    memcpy(&sender, CMSG_DATA(item), sizeof sender);
    answer.sender = sender.uid;
  }
  return answer;
}

void set_option(int fd, int option, const void* value, size_t size) {
  raw_syscall(SYS_setsockopt, fd, SOL_SOCKET, option, raw_pointer(value), static_cast<long>(size));
}

// The collector looks at its door every 10 ms, but it may be held up, or be stopped.
void ask(int fd, const char* key) {
  const int on = 1;
  const timeval patience{1, 0};
  const sa_family_t any_name = AF_UNIX;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  constexpr size_t kPrefix = sizeof kDoorPrefix - 1;
  memcpy(address.sun_path + 1, kDoorPrefix, kPrefix);
  memcpy(address.sun_path + 1 + kPrefix, key, kDoorKeySize);
  set_option(fd, SO_PASSCRED, &on, sizeof on);
  set_option(fd, SO_RCVTIMEO, &patience, sizeof patience);
  raw_syscall(SYS_bind, fd, raw_pointer(&any_name), sizeof any_name);
  raw_syscall(SYS_sendto, fd, raw_pointer(key + kDoorKeySize), kDoorKeySize,
              MSG_DONTWAIT | MSG_NOSIGNAL, raw_pointer(&address),
              offsetof(sockaddr_un, sun_path) + 1 + kPrefix + kDoorKeySize);
}

// What anybody but root says is not believed: the door's name is to be seen by all users.
long ask_at_door(const char* key) {
  if (strlen(key) != 2 * kDoorKeySize) return -ENOENT;
  const long fd = raw_syscall(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (is_error(fd)) return fd;
  ask(static_cast<int>(fd), key);
  const Answer answer = receive_answer(static_cast<int>(fd));
  raw_syscall(SYS_close, fd);
  if (answer.fd >= 0 && answer.sender == 0) return answer.fd;
  if (answer.fd >= 0) raw_syscall(SYS_close, answer.fd);
  return -EACCES;
}

long open_region(const char* variable) {
  constexpr char kSeparators[] = {kDoorSeparator, '\0'};
  const size_t size = strcspn(variable, kSeparators);
  char path[kMaxRegionPath]{};
  if (size >= sizeof path) return -ENOENT;
  memcpy(path, variable, size);
  const long fd = raw_syscall(SYS_openat, AT_FDCWD, raw_pointer(path), O_RDWR | O_CLOEXEC);
  const bool has_key = variable[size] == kDoorSeparator;
  return is_error(fd) && has_key ? ask_at_door(variable + size + 1) : fd;
}

}  // namespace

RegionHeader* map_region(char** environment) {
  const char* variable = region_variable(environment);
  if (variable == nullptr) return nullptr;
  const long fd = open_region(variable);
  if (is_error(fd)) return nullptr;
  RegionHeader* region = map_descriptor(static_cast<int>(fd));
  raw_syscall(SYS_close, fd);
  if (region == nullptr) return nullptr;
  return region->magic == kRegionMagic && region->version == kRegionVersion ? region : nullptr;
}

}  // namespace wireseam
