// SPDX-License-Identifier: Apache-2.0
// Calls with arguments that no sane program gives: short and huge lengths, bad pointers, options
// that are another where they are read, counts below zero. strace shows the system calls as the
// kernel had them.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "tests/programs/src/support.h"

#define BAD ((void*)8)
#define MANY 300

static char buffer[4096];
static struct iovec vectors[2 * 1024];
static struct mmsghdr messages[64];

static void get(int fd, int level, int name, int length) {
  socklen_t room = (socklen_t)length;
  getsockopt(fd, level, name, buffer, &room);
}

static void set(int fd, int level, int name, int length) {
  memset(buffer, 1, MANY);
  setsockopt(fd, level, name, buffer, (socklen_t)length);
}

static void lengths_of_options(int fd, int level, const int* names) {
  for (; *names >= 0; ++names) {
    for (int length = -1; length <= 20; length += length < 4 ? 1 : 4) {
      memset(buffer, 0, MANY);
      get(fd, level, *names, length);
      set(fd, level, *names, length);
    }
    setsockopt(fd, level, *names, NULL, 4);
    setsockopt(fd, level, *names, BAD, 4);
    getsockopt(fd, level, *names, NULL, NULL);
  }
}

static void options(int pair) {
  const int udp = socket(AF_INET, SOCK_DGRAM, 0);
  const int udp6 = socket(AF_INET6, SOCK_DGRAM, 0);
  const int tcp = socket(AF_INET, SOCK_STREAM, 0);
  const int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  lengths_of_options(udp, SOL_SOCKET,
                     (int[]){SO_DEBUG, SO_ERROR, SO_LINGER, SO_DETACH_FILTER, SO_WIFI_STATUS,
                             SO_LOCK_FILTER, SO_RCVLOWAT, -1});
  lengths_of_options(udp, SOL_IP, (int[]){IP_TTL, IP_ADD_MEMBERSHIP, MCAST_JOIN_GROUP, -1});
  lengths_of_options(udp6, SOL_IPV6, (int[]){IPV6_TCLASS, IPV6_ADD_MEMBERSHIP, -1});
  lengths_of_options(tcp, IPPROTO_TCP, (int[]){1, 19, 22, 30, -1});
  lengths_of_options(netlink, SOL_NETLINK, (int[]){3, 9, 11, -1});
  for (int length = 12; length <= 16; length += 4) get(pair, SOL_SOCKET, SO_PEERCRED, length);
  for (int name = 64; name < 68; ++name) {
    get(udp, SOL_IP, name, 84);
    set(udp, SOL_IP, name, 8);
    set(udp6, SOL_IPV6, name, 8);
  }
  struct group_req group = {.gr_interface = 1};
  ((struct sockaddr_in*)&group.gr_group)->sin_family = AF_INET;
  setsockopt(udp, SOL_IP, MCAST_LEAVE_GROUP, &group, sizeof group);
  struct sock_filter code[2] = {{6, 0, 0, 1}, {6, 0, 0, 2}};
  struct sock_fprog program = {2, code};
  setsockopt(udp, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
  setsockopt(udp, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program + 4);
  for (int length = 0; length < 4; ++length) get(udp, SOL_SOCKET, SO_ATTACH_FILTER, length);
}

static void options_of_packets(void) {
  const int packet = socket(AF_PACKET, SOCK_RAW, 0);
  const int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  lengths_of_options(packet, SOL_PACKET, (int[]){PACKET_RX_RING, PACKET_STATISTICS, -1});
  struct packet_mreq group = {1, PACKET_MR_MULTICAST, 6, {1, 2, 3, 4, 5, 6}};
  setsockopt(packet, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &group, sizeof group);
  group.mr_type = 77;
  group.mr_alen = 99;
  setsockopt(packet, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &group, sizeof group);
  setsockopt(packet, SOL_PACKET, PACKET_DROP_MEMBERSHIP, &group, sizeof group - 1);
  for (unsigned bits = 0; bits < 4; ++bits) {
    const unsigned filter = bits == 3 ? ~0x41001108u : bits;
    for (int length = 0; length <= 5; ++length) {
      setsockopt(raw, 255, 1, &filter, (socklen_t)length);
      get(raw, 255, 1, length);
    }
  }
}

static void programs(void) {
  char* arguments[] = {"nope", "x", NULL};
  char* one[] = {"A=1", NULL};
  char* none[] = {NULL};
  char* bad[] = {"ok", BAD, "x", NULL};
  char* many[64];
  for (int i = 0; i < 63; ++i) many[i] = "argument";
  many[63] = NULL;
  static const char path[] = "/nonexistent";
  execve(path, arguments, none);
  execve(path, NULL, NULL);
  execve(BAD, BAD, BAD);
  execve(path, bad, bad);
  execve(path, many, many);
  fexecve(99, arguments, one);
  fexecve(99, arguments, NULL);
  fexecve(-3, arguments, one);
  execveat(AT_FDCWD, "nope", arguments, NULL, AT_SYMLINK_NOFOLLOW);
  execveat(-5, NULL, NULL, NULL, 0x12345);
  environ = one;
  execv(path, arguments);
  execvp(path, arguments);
  execl(path, "a", "b", NULL);
  execlp(path, "a", NULL);
  execle(path, "a", NULL, one);
  environ = NULL;
  execv(path, arguments);
  char* pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(pages + 4096, 4096);
  char** edge = (char**)(pages + 4096) - 2;
  edge[0] = "one";
  edge[1] = "two";
  execve(path, edge, edge);
}

static void counts(const int pair[2]) {
  for (int i = 0; i < 2000; ++i) vectors[i] = (struct iovec){"ab", i < 40 ? 2 : 0};
  const int odd[] = {0, 1, -1, 1024, 1025, 0x7fffffff, -0x7fffffff};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; ++i) {
    writev(pair[0], vectors, odd[i]);
    writev(pair[0], NULL, odd[i]);
    readv(pair[1], BAD, odd[i]);
  }
  vectors[0].iov_len = SIZE_MAX;
  writev(pair[0], vectors, 1);
  send(pair[0], buffer, SIZE_MAX - sizeof buffer, MSG_DONTWAIT | MSG_NOSIGNAL);
  send(pair[0], BAD, SIZE_MAX, MSG_DONTWAIT);
  pwritev2(pair[0], vectors, -1, -1, 1);
  preadv2(pair[1], NULL, 1, -1, 0x4);
  shutdown(pair[0], 3);
  shutdown(pair[0], -1);
}

static void many_messages(void) {
  int pair[2];
  require(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
  struct iovec hello = {"hello", 5};
  for (int i = 0; i < 64; ++i)
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &hello, .msg_iovlen = 1};
  for (unsigned count = 0; count < 64; count += 21) sendmmsg(-1, messages, count, 0);
  sendmmsg(-1, NULL, 3, 0);
  sendmmsg(-1, BAD, 3, 0);
  for (int i = 0; i < 2000; ++i) vectors[i] = (struct iovec){buffer + i % 100, 1};
  messages[0].msg_hdr.msg_iov = messages[1].msg_hdr.msg_iov = vectors;
  messages[0].msg_hdr.msg_iovlen = 40;
  messages[1].msg_hdr.msg_iovlen = 2000;
  sendmmsg(pair[0], messages, 2, 0);
  for (int i = 1; i < 40; ++i) send(pair[0], "message", (size_t)(i % 8 + 1), MSG_DONTWAIT);
  static struct sockaddr_un name;
  for (int i = 0; i < 64; ++i)
    messages[i].msg_hdr = (struct msghdr){.msg_name = &name,
                                          .msg_namelen = sizeof name,
                                          .msg_iov = vectors + (size_t)i * 20,
                                          .msg_iovlen = i == 0 ? 40 : 20};
  struct timespec wrong = {.tv_nsec = -1};
  recvmmsg(pair[1], messages, 64, MSG_DONTWAIT, NULL);
  recvmmsg(pair[1], messages, 3, MSG_DONTWAIT, &wrong);
  recvmmsg(pair[1], messages, 3, MSG_DONTWAIT, BAD);
}

static void control_messages(void) {
  int pair[2];
  require(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
  static char control[512] __attribute__((aligned(8)));
  struct iovec hello = {"hello", 5};
  struct msghdr message = {.msg_iov = &hello, .msg_iovlen = 1, .msg_control = control};
  struct cmsghdr* head = (struct cmsghdr*)control;
  for (int type = 0; type < 8; ++type) {
    memset(control, 0, sizeof control);
    *head = (struct cmsghdr){CMSG_LEN(3), type % 2, type / 2 % 4};
    message.msg_controllen = CMSG_SPACE(3);
    sendmsg(-1, &message, 0);
  }
  for (size_t length = 0; length < 60; length += 7) {
    *head = (struct cmsghdr){length, SOL_SOCKET, SCM_CREDENTIALS};
    message.msg_controllen = 48;
    sendmsg(-1, &message, 0);
    message.msg_controllen = length;
    sendmsg(-1, &message, 0);
  }
  *head = (struct cmsghdr){CMSG_LEN(4 * 40), SOL_SOCKET, SCM_RIGHTS};
  for (int i = 0; i < 40; ++i) ((int*)CMSG_DATA(head))[i] = pair[0];
  message.msg_controllen = CMSG_SPACE(4 * 40);
  sendmsg(pair[0], &message, 0);
}

static void addresses(void) {
  static unsigned char address[256];
  const sa_family_t families[] = {AF_UNIX,   AF_INET,  AF_INET6, AF_NETLINK,
                                  AF_PACKET, AF_VSOCK, AF_XDP};
  for (size_t i = 0; i < sizeof families / sizeof *families; ++i) {
    for (unsigned k = 2; k < sizeof address; ++k) address[k] = (unsigned char)(k * 7);
    memcpy(address, families + i, sizeof *families);
    for (socklen_t length = 0; length < 120; length += length < 4 ? 1 : 9)
      connect(-1, (struct sockaddr*)address, length);
    connect(-1, (struct sockaddr*)address, (socklen_t)-1);
  }
}

static void others(void) {
  const int udp = socket(AF_INET, SOCK_DGRAM, 0);
  fcntl(udp, F_DUPFD, -1);
  fcntl(udp, F_GETLEASE);
  ioctl(udp, FIOCLEX);
  static int number;
  ioctl(udp, SIOCGPGRP, &number);
  ioctl(udp, SIOCSPGRP, &number);
  fd_set set;
  FD_ZERO(&set);
  FD_SET(udp, &set);
  struct timeval time = {.tv_usec = 2000000};
  select(udp + 1, NULL, &set, NULL, &time);
  time = (struct timeval){.tv_sec = -1};
  select(udp + 1, NULL, &set, NULL, &time);
}

int main(void) {
  int pair[2];
  unix_pair(pair);
  fcntl(pair[0], F_SETFL, O_NONBLOCK);
  fcntl(pair[1], F_SETFL, O_NONBLOCK);
  options(pair[0]);
  options_of_packets();
  counts(pair);
  many_messages();
  control_messages();
  addresses();
  others();
  programs();
  return 0;
}
