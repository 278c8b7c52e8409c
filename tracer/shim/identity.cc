// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/identity.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tracer/shim/blob_writer.h"
#include "tracer/shim/raw_syscall.h"

namespace wireseam {
namespace {

#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif

template <typename Value>
void read_option(int fd, int option, Value& value) {
  socklen_t size = sizeof value;
  raw_syscall(SYS_getsockopt, fd, SOL_SOCKET, option, raw_pointer(&value), raw_pointer(&size));
}

uint16_t read_name(long syscall, int fd, uint8_t* name) {
  socklen_t size = kMaxSockaddr;
  if (raw_syscall(syscall, fd, raw_pointer(name), raw_pointer(&size)) != 0) return 0;
  return static_cast<uint16_t>(size < kMaxSockaddr ? size : kMaxSockaddr);
}

void read_names(SocketIdentity& identity) {
  identity.local_size = read_name(SYS_getsockname, identity.fd, identity.local);
  identity.peer_size = read_name(SYS_getpeername, identity.fd, identity.peer);
}

uint32_t inode_of(int fd) {
  struct stat status;
  if (raw_syscall(SYS_fstat, fd, raw_pointer(&status)) != 0) return 0;
  return static_cast<uint32_t>(status.st_ino);
}

void write_identity(OpenCall& call, const SocketIdentity& identity) {
  const BlobHeader blob{0, BlobPart::Identity, 0, sizeof identity, sizeof identity};
  write_blob(call, blob, &identity, Trust::Kernel);
}

}  // namespace

void record_unread(OpenCall& call, int fd) {
  if (is_sandboxed()) return;
  int unread = 0;
  if (raw_syscall(SYS_ioctl, fd, SIOCINQ, raw_pointer(&unread)) != 0 || unread < 0) return;
  const BlobHeader blob{0, BlobPart::Unread, 0, sizeof unread, sizeof unread};
  write_blob(call, blob, &unread, Trust::Kernel);
}

void record_identity(OpenCall& call, int fd, IdentityPart part) {
  if (is_sandboxed()) return;
  SocketIdentity identity{};
  identity.fd = fd;
  identity.domain = identity.type = identity.protocol = -1;
  identity.inode = inode_of(fd);
  read_option(fd, SO_COOKIE, identity.cookie);
  if (part == IdentityPart::NamesAndKind) {
    read_option(fd, SO_DOMAIN, identity.domain);
    read_option(fd, SO_TYPE, identity.type);
  }
  if (part != IdentityPart::Names) read_option(fd, SO_PROTOCOL, identity.protocol);
  read_names(identity);
  write_identity(call, identity);
}

void record_new_socket(OpenCall& call, int fd, int domain, int type, int protocol) {
  if (is_sandboxed()) return;
  SocketIdentity identity{};
  identity.fd = fd;
  identity.domain = domain;
  identity.type = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  identity.protocol = protocol;
  identity.inode = inode_of(fd);
  read_option(fd, SO_COOKIE, identity.cookie);
  write_identity(call, identity);
}

}  // namespace wireseam
