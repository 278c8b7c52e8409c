// SPDX-License-Identifier: Apache-2.0
// Calls with every kind of parameter, right and wrong, so that two tracers' lines can be compared:
// addresses, names of sockets, options and control requests. Prints nothing.
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/un.h>

#include "tests/programs/src/support.h"

// Volatile, so that the compiler does not see where they point.
static void* volatile bad_pointer = (void*)8;
static void* volatile null_pointer = NULL;

static void inet_addresses(void) {
  const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  bind(fd, (struct sockaddr*)&address, sizeof address);
  address.sin6_addr.s6_addr[0] = 0xfe;
  address.sin6_addr.s6_addr[1] = 0x80;
  address.sin6_scope_id = 1;
  address.sin6_flowinfo = htonl(7);
  bind(fd, (struct sockaddr*)&address, sizeof address);
  bind(fd, (struct sockaddr*)&address, 24);
  bind(fd, (struct sockaddr*)&address, 20);
  close(fd);
}

static void unix_addresses(void) {
  const int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "no such\tdir/x\n"};
  const socklen_t sizes[] = {sizeof address, 10, 3, 2, 1, 0};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i)
    connect(fd, (struct sockaddr*)&address, sizes[i]);
  address.sun_path[0] = '\0';
  connect(fd, (struct sockaddr*)&address, 3);
  connect(fd, (struct sockaddr*)&address, 12);
  connect(fd, null_pointer, 16);
  connect(fd, bad_pointer, 16);
  connect(fd, (struct sockaddr*)&address, (socklen_t)-1);
  struct sockaddr other = {.sa_family = 99, .sa_data = "abcdefghijklm"};
  connect(fd, &other, sizeof other);
  close(fd);
}

static void other_addresses(void) {
  const int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  struct sockaddr_nl netlink = {.nl_family = AF_NETLINK, .nl_groups = 1};
  bind(fd, (struct sockaddr*)&netlink, 11);
  netlink.nl_pad = 3;
  netlink.nl_groups = 0;
  bind(fd, (struct sockaddr*)&netlink, sizeof netlink);
  struct sockaddr_ll link = {.sll_family = AF_PACKET,
                             .sll_protocol = htons(0x806),
                             .sll_ifindex = 1,
                             .sll_hatype = 1,
                             .sll_pkttype = 4,
                             .sll_halen = 12,
                             .sll_addr = {1, 2, 0, 4, 0xff, 6}};
  bind(fd, (struct sockaddr*)&link, sizeof link);
  close(fd);
}

static void sockets(void) {
  socket(AF_INET, SOCK_STREAM | 0x1000, 6);
  socket(AF_INET, 0xd, 300);
  socket(77, 77, 77);
  socket(AF_NETLINK, SOCK_RAW, 99);
  int pair[2];
  socketpair(AF_INET, SOCK_STREAM, 6, pair);
  socketpair(AF_UNIX, SOCK_STREAM, 0, null_pointer);
}

static void set_options(int fd) {
  const int one = 1;
  const struct linger linger = {1, 5};
  const struct timeval time = {2, 500000};
  const struct ip_mreq group = {.imr_multiaddr.s_addr = htonl(0xe0000105)};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, 1);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, null_pointer, 4);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, bad_pointer, 4);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, 4);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  setsockopt(fd, SOL_SOCKET, 999, &one, sizeof one);
  setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(fd, SOL_TCP, TCP_CONGESTION, "reno", 4);
  setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &group, sizeof group);
  setsockopt(fd, 12345, 1, &one, sizeof one);
}

static void get_options(int fd) {
  char value[200] = "";
  const int names[] = {SO_ERROR, SO_TYPE, SO_LINGER, SO_RCVTIMEO, SO_PEERCRED};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    socklen_t size = sizeof value;
    getsockopt(fd, SOL_SOCKET, names[i], value, &size);
  }
  socklen_t size = 2;
  getsockopt(fd, SOL_SOCKET, SO_SNDBUF, value, &size);
  size = 0;
  getsockopt(fd, SOL_SOCKET, SO_SNDBUF, value, &size);
  size = 16;
  getsockopt(fd, SOL_TCP, TCP_CONGESTION, value, &size);
  getsockopt(fd, SOL_SOCKET, SO_TYPE, value, null_pointer);
  getsockopt(fd, SOL_SOCKET, SO_TYPE, bad_pointer, &size);
}

static void names(int fd) {
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  getpeername(fd, (struct sockaddr*)&name, &size);
  size = 0;
  getsockname(fd, (struct sockaddr*)&name, &size);
  getsockname(fd, null_pointer, &size);
  getsockname(fd, (struct sockaddr*)&name, NULL);
  getpeername(-1, (struct sockaddr*)&name, &size);
}

static void fcntls(int fd) {
  fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
  fcntl(fd, F_SETFL, O_RDWR);
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  fcntl(fd, F_GETFD);
  fcntl(fd, F_GETOWN);
  fcntl(fd, F_GETSIG);
  fcntl(fd, 9999, 5);
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 5};
  fcntl(fd, F_SETLK, &lock);
}

static void ioctls(int fd) {
  int number = 0;
  ioctl(fd, FIONREAD, &number);
  ioctl(fd, FIONBIO, &number);
  ioctl(fd, FIONREAD, null_pointer);
  struct ifreq interface = {.ifr_name = "lo"};
  ioctl(fd, SIOCGIFADDR, &interface);
  ioctl(fd, SIOCGIFFLAGS, &interface);
  ioctl(fd, SIOCGIFINDEX, &interface);
  ioctl(fd, SIOCGIFNAME, &interface);
  strcpy(interface.ifr_name, "nope");
  ioctl(fd, SIOCGIFMTU, &interface);
  ioctl(fd, 0x12345678, 5);
}

static void descriptors(int fd) {
  dup2(fd, 90);
  dup3(fd, 90, O_CLOEXEC);
  dup3(fd, 90, 0x55);
  shutdown(fd, 7);
  shutdown(fd, SHUT_WR);
  listen(fd, -1);
  off_t offset = 0;
  sendfile(fd, -1, &offset, 5);
  close_range(500, 600, CLOSE_RANGE_CLOEXEC);
  closefrom(700);
}

int main(void) {
  inet_addresses();
  unix_addresses();
  other_addresses();
  sockets();
  struct sockaddr_in address;
  const int listener = loopback_listener(&address);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr*)&address, sizeof address);
  set_options(client);
  get_options(client);
  names(client);
  fcntls(client);
  ioctls(client);
  descriptors(client);
  close(listener);
}
