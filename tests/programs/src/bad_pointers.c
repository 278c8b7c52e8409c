// SPDX-License-Identifier: Apache-2.0
// bad_pointers main|thread|coroutine: gives every call every kind of bad pointer
// (bad_pointers.def), and good ones at the very end of what is mapped, and prints what each gave,
// be it a signal: libc itself follows some. On the main stack, a thread's or one that the program
// made.
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <ucontext.h>

#include "tests/programs/src/support.h"

enum { kPage = 4096, kStack = 64 * kPage };

struct scene {
  int stream[2], tcp[2], datagram[2], rights[2], pipe[2];
  int listener, fresh, file, program, epoll, netlink, highest;
  struct sockaddr_un address;
  socklen_t length, int_length, info_length;
  struct iovec vector[2];
  struct msghdr message;
  struct mmsghdr messages[2];
  struct pollfd poll;
  fd_set readable;
  struct timeval interval;
  struct timespec instant;
  char bytes[kPage];
  char* words[2];
};

static struct iovec* vector_of(struct scene* s, int bad, void* p, size_t length) {
  s->vector[bad].iov_base = p;
  s->vector[bad].iov_len = length;
  return s->vector;
}

static struct mmsghdr* messages_of(struct scene* s, struct iovec* vector) {
  s->messages[0].msg_hdr.msg_iov = vector + 1;
  s->messages[1].msg_hdr.msg_iov = vector;
  return s->messages;
}

static char** strings_of(struct scene* s, void* p) {
  s->words[0] = p;
  return s->words;
}

#define VECTOR(p, length) vector_of(s, 0, p, length)
#define SECOND(p, length) vector_of(s, 1, p, length)
#define MESSAGES(vector) messages_of(s, vector)
#define STRINGS(p) strings_of(s, p)
#define WITH(pointer, value, length, count) \
  ((s->message.pointer = (value)), (s->message.length = (count)), &s->message)

#define POINTER(label, size, call)                                             \
  static long call_##label(struct scene* s __attribute__((unused)), void* p) { \
    return (long)(call);                                                       \
  }
#include "tests/programs/src/bad_pointers.def"
#undef POINTER

static const struct row {
  const char* label;
  size_t size;
  long (*call)(struct scene* s, void* p);
} rows[] = {
#define POINTER(label, size, call) {#label, size, call_##label},
#include "tests/programs/src/bad_pointers.def"
#undef POINTER
};

static void fill(int send_fd) { require(send(send_fd, "sixteen bytes..", 16, 0) == 16, "send"); }

// With a path for a name, since a port would differ from run to run.
static int named_socket(int type, const char* name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const int fd = socket(AF_UNIX, type, 0);
  unlink(name);
  strcpy(address.sun_path, name);
  require(bind(fd, (struct sockaddr*)&address, sizeof address) == 0, "bind");
  return fd;
}

static void connect_to(int fd, const char* name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, name);
  require(connect(fd, (struct sockaddr*)&address, sizeof address) == 0, "connect");
}

static void send_descriptor(int send_fd, int passed) {
  char control[CMSG_SPACE(sizeof passed)] = {0};
  struct iovec byte = {control, 1};
  struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){CMSG_LEN(sizeof passed), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(header), &passed, sizeof passed);
  require(sendmsg(send_fd, &message, 0) == 1, "sendmsg");
}

static void open_sockets(struct scene* s) {
  s->listener = named_socket(SOCK_STREAM, "listener");
  require(listen(s->listener, 1) == 0, "listen");
  connect_to(named_socket(SOCK_STREAM, "waiting"), "listener");
  s->fresh = socket(AF_INET, SOCK_STREAM, 0);
  s->datagram[0] = named_socket(SOCK_DGRAM, "sender");
  s->datagram[1] = named_socket(SOCK_DGRAM, "receiver");
  connect_to(s->datagram[0], "receiver");
  s->netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  tcp_pair(s->tcp);
  unix_pair(s->stream);
  unix_pair(s->rights);
}

static void open_scene(struct scene* s) {
  memset(s, 0, sizeof *s);
  open_sockets(s);
  fill(s->stream[0]);
  fill(s->tcp[0]);
  fill(s->datagram[0]);
  send_descriptor(s->rights[0], STDIN_FILENO);
  require(pipe(s->pipe) == 0, "pipe");
  s->file = open("file", O_CREAT | O_RDWR, 0600);
  s->program = open("no-program", O_RDONLY);
  require(s->file >= 0 && ftruncate(s->file, 64) == 0, "file");
  s->epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN};
  require(epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->stream[1], &event) == 0, "epoll_ctl");
  s->highest = s->epoll;
  s->length = sizeof s->address;
  s->int_length = sizeof(int);
  s->info_length = 8;
  s->vector[0] = s->vector[1] = (struct iovec){s->bytes, 8};
  s->message.msg_iov = s->vector;
  s->message.msg_iovlen = 1;
  s->messages[0].msg_hdr = s->messages[1].msg_hdr = s->message;
  s->poll = (struct pollfd){s->stream[1], POLLIN, 0};
  FD_ZERO(&s->readable);
  FD_SET(s->stream[1], &s->readable);
}

static void close_scene(void) {
  for (int fd = STDERR_FILENO + 1; fd < 64; ++fd) close(fd);
}

// `area` is two pages that may be written; behind each of the last three nothing is mapped. All lie
// above the coroutine's stack and below what libc mapped for the main thread.
static char* coroutine_stack;
static char* area;
static char* area_end;
static char* read_only;
static char* no_access;

static void map_areas(void) {
  coroutine_stack =
      mmap(NULL, kStack + 7 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(coroutine_stack != MAP_FAILED, "mmap");
  char* pages = coroutine_stack + kStack;
  read_only = pages;
  no_access = pages + 2 * kPage;
  area = pages + 4 * kPage;
  area_end = area + 2 * kPage;
  mprotect(read_only, kPage, PROT_READ);
  mprotect(no_access, kPage, PROT_NONE);
  munmap(read_only + kPage, kPage);
  munmap(no_access + kPage, kPage);
  munmap(area_end, kPage);
}

static unsigned area_sum(void) {
  unsigned sum = 0;
  for (const char* byte = area; byte != area_end; ++byte) sum = sum * 31 + (unsigned char)*byte;
  return sum;
}

static sigjmp_buf crash;

static void on_crash(int signal_number) { siglongjmp(crash, signal_number); }

// The sum tells what was written into the area.
static void try_pointer(const struct row* row, const char* kind, void* p) {
  static struct scene scene;
  open_scene(&scene);
  memset(area, 0, 2 * kPage);
  const int signal_number = sigsetjmp(crash, 1);
  if (signal_number == 0) {
    const long result = row->call(&scene, p);
    const int error = errno;
    say("%s, %s: %ld %s, %u\n", row->label, kind, result, result == -1 ? strerror(error) : "",
        area_sum());
  } else {
    say("%s, %s: signal %d, %u\n", row->label, kind, signal_number, area_sum());
  }
  close_scene();
}

static void try_row(const struct row* row) {
  try_pointer(row, "null", NULL);
  try_pointer(row, "one", (void*)1);
  try_pointer(row, "kernel", (void*)0xffff800000000000);
  try_pointer(row, "no canonical address", (void*)0x8000000000000000);
  try_pointer(row, "no access", no_access + 64);
  try_pointer(row, "read only", read_only);
  try_pointer(row, "unmapped", area_end);
  try_pointer(row, "exactly at the end", area_end - row->size);
  try_pointer(row, "one byte missing", area_end - row->size + 1);
  try_pointer(row, "half of it", area_end - row->size / 2);
  try_pointer(row, "across a page", area + kPage - row->size / 2);
}

static void try_all(void) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) try_row(&rows[i]);
}

static void* try_all_in_thread(void* unused) {
  try_all();
  return unused;
}

static void in_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, try_all_in_thread, NULL);
  pthread_join(thread, NULL);
}

static void in_coroutine(void) {
  static ucontext_t caller;
  static ucontext_t coroutine;
  getcontext(&coroutine);
  coroutine.uc_stack.ss_size = kStack;
  coroutine.uc_stack.ss_sp = coroutine_stack;
  coroutine.uc_link = &caller;
  makecontext(&coroutine, try_all, 0);
  swapcontext(&caller, &coroutine);
}

static void catch_crashes(void) {
  static char stack[16 * kPage];
  const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK;
  sigaltstack(&alternative, NULL);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char** argv) {
  require(argc == 2, "usage");
  const int program = open("no-program", O_CREAT | O_WRONLY, 0700);
  require(write(program, "\1\2\3\4", 4) == 4, "write");
  close(program);
  map_areas();
  catch_crashes();
  if (strcmp(argv[1], "thread") == 0)
    in_thread();
  else if (strcmp(argv[1], "coroutine") == 0)
    in_coroutine();
  else
    try_all();
  return 0;
}
