// SPDX-License-Identifier: Apache-2.0
// A datagram socket in the abstract namespace, whose name everybody can see. So who asks must say
// what stands behind the name in the program's environment, which no other user can read.
#include "tracer/collect/region_door.h"

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "tracer/trace/format.h"

namespace wireseam {
namespace {

// Hexadecimal digits; empty where there is no chance to be had.
std::string random_text(size_t size) {
  std::string bytes(size / 2, '\0');
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  std::string text;
  for (const char byte : bytes)
    for (const int shift : {4, 0})
      text += "0123456789abcdef"[static_cast<uint8_t>(byte) >> shift & 0xf];
  return text;
}

Fd listen_at(const std::string& name) {
  Fd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string full_name = kDoorPrefix + name;
  std::memcpy(address.sun_path + 1, full_name.data(), full_name.size());
  const size_t size = offsetof(sockaddr_un, sun_path) + 1 + full_name.size();
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(size)) != 0)
    fd.reset();
  return fd;
}

struct Visitor {
  sockaddr_un address;
  socklen_t address_size;
};

// One that is gone meanwhile gets nothing.
void hand_over(int door, int region, Visitor& visitor) {
  char byte = 0;
  iovec bytes{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof region)> control{};
  msghdr message{};
  message.msg_name = &visitor.address;
  message.msg_namelen = visitor.address_size;
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_len = CMSG_LEN(sizeof region);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  std::memcpy(CMSG_DATA(header), &region, sizeof region);
  static_cast<void>(sendmsg(door, &message, MSG_NOSIGNAL));
}

}  // namespace

RegionDoor::RegionDoor() {
  if (geteuid() != 0) return;
  const std::string name = random_text(kDoorKeySize);
  secret_ = random_text(kDoorKeySize);
  if (name.empty() || secret_.empty()) return;
  socket_ = listen_at(name);
  if (socket_) key_ = kDoorSeparator + name + secret_;
}

void RegionDoor::serve(int region) const {
  if (!socket_) return;
  for (;;) {
    std::array<char, kDoorKeySize + 1> said{};
    Visitor visitor{{}, sizeof visitor.address};
    const ssize_t size =
        recvfrom(socket_.get(), said.data(), said.size(), 0,
                 reinterpret_cast<sockaddr*>(&visitor.address), &visitor.address_size);
    if (size < 0) return;
    if (std::string_view(said.data(), static_cast<size_t>(size)) == secret_)
      hand_over(socket_.get(), region, visitor);
  }
}

}  // namespace wireseam
