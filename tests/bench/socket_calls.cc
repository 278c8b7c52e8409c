// SPDX-License-Identifier: Apache-2.0
// What a socket call costs, printed as nanoseconds: run it as it is and under a tracer, and
// compare. scripts/bench does that.
//
//   socket_calls eagain    one recv(2) that gives EAGAIN
//   socket_calls payload   one recv(2) of 32 bytes that are there (MSG_PEEK)
//   socket_calls send      one send(2) of 32 bytes of the heap, and the recv(2) that takes them
//   socket_calls shared    the same of memory that another thread could unmap
//   socket_calls threads   one recv(2) that gives EAGAIN, in a program with threads
//   socket_calls pingpong  64 bytes to another process and back, over TCP
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int kBatches = 40;

void check(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::exit(1);
}

double now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The median over batches of the time that one operation takes. A pause between batches gives a
// collector the time that real programs, which do something with their bytes, give it.
template <typename Operation>
double median_ns(int batch_size, Operation operation) {
  std::vector<double> batches;
  for (int batch = 0; batch < kBatches; ++batch) {
    const double start = now_ns();
    for (int i = 0; i < batch_size; ++i) operation();
    batches.push_back((now_ns() - start) / batch_size);
    const timespec pause{0, 5'000'000};
    nanosleep(&pause, nullptr);
  }
  std::nth_element(batches.begin(), batches.begin() + kBatches / 2, batches.end());
  return batches[kBatches / 2];
}

double eagain() {
  int pair[2];
  check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
  char byte = 0;
  return median_ns(5000, [&] { check(recv(pair[0], &byte, 1, 0) == -1, "recv"); });
}

double payload() {
  int pair[2];
  char bytes[32] = "thirty-one bytes of text, a NUL";
  check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
  check(send(pair[0], bytes, sizeof bytes, 0) == sizeof bytes, "send");
  return median_ns(
      5000, [&] { check(recv(pair[1], bytes, sizeof bytes, MSG_PEEK) == sizeof bytes, "recv"); });
}

// The receiver's buffer is on the stack.
double send_from(const char* bytes) {
  int pair[2];
  check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
  char received[32];
  return median_ns(5000, [&] {
    check(send(pair[0], bytes, sizeof received, 0) == sizeof received, "send");
    check(recv(pair[1], received, sizeof received, 0) == sizeof received, "recv");
  });
}

double send_heap() {
  const std::vector<char> bytes(32, 'x');
  return send_from(bytes.data());
}

// A program that has threads: from now on any of them could free what the others use.
void start_thread() {
  std::thread([] { pause(); }).detach();
}

double send_shared() {
  start_thread();
  void* pages = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  check(pages != MAP_FAILED, "mmap");
  return send_from(static_cast<char*>(pages));
}

double eagain_with_threads() {
  start_thread();
  return eagain();
}

// A connected TCP pair on loopback.
void connect_pair(int (&pair)[2]) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* name = reinterpret_cast<sockaddr*>(&address);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  check(bind(listener, name, sizeof address) == 0, "bind");
  check(listen(listener, 1) == 0, "listen");
  check(getsockname(listener, name, &size) == 0, "getsockname");
  pair[0] = socket(AF_INET, SOCK_STREAM, 0);
  check(connect(pair[0], name, sizeof address) == 0, "connect");
  pair[1] = accept(listener, nullptr, nullptr);
  check(pair[1] >= 0, "accept");
  close(listener);
  const int on = 1;
  for (const int fd : pair) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void echo_all(int fd) {
  char bytes[64];
  while (recv(fd, bytes, sizeof bytes, MSG_WAITALL) == sizeof bytes)
    check(send(fd, bytes, sizeof bytes, 0) == sizeof bytes, "send");
}

double pingpong() {
  int pair[2];
  connect_pair(pair);
  const pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) {
    close(pair[0]);
    echo_all(pair[1]);
    std::exit(0);
  }
  close(pair[1]);
  char bytes[64]{};
  const double result = median_ns(500, [&] {
    check(send(pair[0], bytes, sizeof bytes, 0) == sizeof bytes, "send");
    check(recv(pair[0], bytes, sizeof bytes, MSG_WAITALL) == sizeof bytes, "recv");
  });
  close(pair[0]);
  waitpid(child, nullptr, 0);
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc == 2 ? argv[1] : "";
  if (mode == "eagain") {
    std::printf("%.1f\n", eagain());
  } else if (mode == "payload") {
    std::printf("%.1f\n", payload());
  } else if (mode == "send") {
    std::printf("%.1f\n", send_heap());
  } else if (mode == "shared") {
    std::printf("%.1f\n", send_shared());
  } else if (mode == "threads") {
    std::printf("%.1f\n", eagain_with_threads());
  } else if (mode == "pingpong") {
    std::printf("%.1f\n", pingpong());
  } else {
    std::fprintf(stderr, "usage: socket_calls eagain|payload|send|shared|threads|pingpong\n");
    return 2;
  }
}
