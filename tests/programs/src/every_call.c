// SPDX-License-Identifier: Apache-2.0
// Every function of calls.def, called at least once.
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "tests/programs/src/support.h"

extern char** environ;

static char* const kArguments[] = {"true", NULL};
static const char* const kTrue = "/bin/true";

static void name_sockets(void) {
  int fds[2];
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  int value = 1;
  struct sockaddr_in address;
  const int listener = loopback_listener(&address);
  fds[0] = socket(AF_INET, SOCK_STREAM, 0);
  require(connect(fds[0], (struct sockaddr*)&address, sizeof address) == 0, "connect");
  fds[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  show("getpeername", getpeername(fds[0], (struct sockaddr*)&name, &size));
  show("setsockopt", setsockopt(fds[0], SOL_SOCKET, SO_KEEPALIVE, &value, sizeof value));
  size = sizeof value;
  show("getsockopt", getsockopt(fds[0], SOL_SOCKET, SO_KEEPALIVE, &value, &size));
  show("shutdown", shutdown(fds[0], SHUT_WR));
  show("close", close(fds[0]) + close(fds[1]) + close(listener));
}

static void move_bytes(const int fds[2]) {
  char buffer[100];
  struct iovec vector = {.iov_base = buffer, .iov_len = 4};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
  struct mmsghdr messages = {.msg_hdr = message};
  show("send", send(fds[0], "send", 4, 0));
  show("recv", recv(fds[1], buffer, sizeof buffer, 0));
  show("sendto", sendto(fds[0], "sendto", 6, 0, NULL, 0));
  show("recvfrom", recvfrom(fds[1], buffer, sizeof buffer, 0, NULL, NULL));
  show("sendmsg", sendmsg(fds[0], &message, 0));
  show("recvmsg", recvmsg(fds[1], &message, 0));
  show("sendmmsg", sendmmsg(fds[0], &messages, 1, 0));
  show("recvmmsg", recvmmsg(fds[1], &messages, 1, 0, NULL));
  show("write", write(fds[0], "write", 5));
  show("read", read(fds[1], buffer, sizeof buffer));
  show("writev", writev(fds[0], &vector, 1));
  show("readv", readv(fds[1], &vector, 1));
  show("pwritev2", pwritev2(fds[0], &vector, 1, -1, 0));
  show("preadv2", preadv2(fds[1], &vector, 1, -1, 0));
}

static void move_inside_the_kernel(const int fds[2]) {
  char buffer[8];
  int ends[2];
  const int file = open("/proc/self/exe", O_RDONLY);
  require(pipe(ends) == 0, "pipe");
  show("sendfile", sendfile(fds[0], file, NULL, 8));
  show("splice", splice(fds[1], NULL, ends[1], NULL, 8, 0));
  show("read", read(ends[0], buffer, sizeof buffer));
  close(file);
  close(ends[0]);
  close(ends[1]);
}

static void wait_for(const int fds[2]) {
  struct pollfd item = {.fd = fds[0], .events = POLLOUT};
  struct timeval none = {0, 0};
  const struct timespec no_time = {0, 0};
  struct epoll_event event = {.events = EPOLLOUT};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fds[0], &set);
  show("poll", poll(&item, 1, 0));
  show("ppoll", ppoll(&item, 1, &no_time, NULL));
  show("select", select(fds[0] + 1, NULL, &set, NULL, &none));
  show("pselect", pselect(fds[0] + 1, NULL, &set, NULL, &no_time, NULL));
  close(epoll_create(1));
  const int epoll = epoll_create1(0);
  show("epoll_ctl", epoll_ctl(epoll, EPOLL_CTL_ADD, fds[0], &event));
  show("epoll_wait", epoll_wait(epoll, &event, 1, 0));
  show("epoll_pwait", epoll_pwait(epoll, &event, 1, 0, NULL));
  show("epoll_pwait2", epoll_pwait2(epoll, &event, 1, &no_time, NULL));
  close(epoll);
}

static void hand_on(const int fds[2]) {
  int waiting = 0;
  const int copy = dup(fds[0]);
  show("fcntl", fcntl(copy, F_GETFD));
  show("ioctl", ioctl(copy, FIONREAD, &waiting));
  show("dup2", dup2(copy, 100) - 100);
  show("dup3", dup3(copy, 101, O_CLOEXEC) - 101);
  show("close_range", close_range(100, 100, 0));
  closefrom(101);
  FILE* stream = fdopen(copy, "r+");
  show("fclose", fclose(stream));
}

static void resolve(void) {
  struct addrinfo* found = NULL;
  struct hostent entry;
  struct hostent* result = NULL;
  char buffer[4096];
  int error = 0;
  show("getaddrinfo", getaddrinfo("localhost", "80", NULL, &found));
  freeaddrinfo(found);
  gethostbyname("localhost");
  gethostbyname2("localhost", AF_INET);
  gethostbyname_r("localhost", &entry, buffer, sizeof buffer, &result, &error);
  gethostbyname2_r("localhost", AF_INET, &entry, buffer, sizeof buffer, &result, &error);
}

static void execute(int way) {
  char* const arguments[] = {"true", NULL};
  if (way == 0) execve(kTrue, arguments, environ);
  if (way == 1) execv(kTrue, arguments);
  if (way == 2) execvp("true", arguments);
  if (way == 3) execvpe("true", arguments, environ);
  if (way == 4) execl(kTrue, "true", (char*)NULL);
  if (way == 5) execlp("true", "true", (char*)NULL);
  if (way == 6) execle(kTrue, "true", (char*)NULL, environ);
  const int file = open(kTrue, O_RDONLY | O_CLOEXEC);
  if (way == 7) fexecve(file, arguments, environ);
  execveat(AT_FDCWD, kTrue, arguments, environ, 0);
}

static void start_others(void) {
  for (int way = 0; way <= 8; ++way) {
    const pid_t child = fork();
    if (child == 0) execute(way);
    waitpid(child, NULL, 0);
  }
  const pid_t child = vfork();
  if (child == 0) _exit(0);
  waitpid(child, NULL, 0);
  pid_t spawned = 0;
  show("posix_spawn", posix_spawn(&spawned, kTrue, NULL, NULL, kArguments, environ));
  waitpid(spawned, NULL, 0);
  show("posix_spawnp", posix_spawnp(&spawned, "true", NULL, NULL, kArguments, environ));
  waitpid(spawned, NULL, 0);
}

static int end_at_once(void* nothing) {
  (void)nothing;
  _exit(0);
}

static void start_a_clone(void) {
  static char stack[64 * 1024] __attribute__((aligned(16)));
  const pid_t child = clone(end_at_once, stack + sizeof stack, SIGCHLD, NULL);
  require(child > 0, "clone");
  waitpid(child, NULL, 0);
}

static void make_a_file_of(int fd) {
  FILE* stream = fdopen(fd, "r+");
  show("freopen", freopen("/dev/null", "r+", stream) == stream ? 0 : -1);
}

static void* wait_for_the_end(void* semaphore) {
  while (sem_wait(semaphore) != 0) continue;
  return NULL;
}

// These are told only beside another thread: where the shell can't be followed, and where the
// descriptors of the threads part.
static void start_shells_out_of_sight(void) {
  pthread_t thread;
  sem_t end;
  require(sem_init(&end, 0, 0) == 0, "sem_init");
  require(pthread_create(&thread, NULL, wait_for_the_end, &end) == 0, "pthread_create");
  clearenv();
  show("system", system("exit 0"));
  FILE* shell = popen("exit 0", "r");
  require(shell != NULL, "popen");
  show("pclose", pclose(shell));
  show("unshare", unshare(CLONE_FILES));
  require(dlopen("/none", RTLD_NOW | RTLD_DEEPBIND) == NULL, "dlopen");
  require(dlmopen(LM_ID_NEWLM, "/none", RTLD_NOW) == NULL, "dlmopen");
  show("io_uring_setup", syscall(SYS_io_uring_setup, 0, NULL));
  sem_post(&end);
  pthread_join(thread, NULL);
}

int main(void) {
  int fds[2];
  name_sockets();
  tcp_pair(fds);
  move_bytes(fds);
  move_inside_the_kernel(fds);
  wait_for(fds);
  hand_on(fds);
  resolve();
  start_others();
  start_a_clone();
  unix_pair(fds);
  make_a_file_of(fds[0]);
  start_shells_out_of_sight();
  return 0;
}
