// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tests/unit/catch2.h"
#include "tests/unit/compare/log_text.h"
#include "tests/unit/trace/json_lines.h"
#include "tests/unit/trace/json_schema.h"
#include "tracer/trace/json.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

// Each as strace 6.1 has printed it of a real call.
constexpr const char* kCalls[] = {
    R"(socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3)",
    R"(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3)",
    R"(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) = -1 EPERM (Operation not permitted))",
    R"(socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0)",
    R"(bind(4, {sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(7), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0)",
    R"(bind(4, {sa_family=AF_UNIX, sun_path=@"abstract-name"}, 16) = 0)",
    R"(bind(6, {sa_family=0x63 /* AF_??? */, sa_data="abcdefghijklmn"}, 16) = -1 EAFNOSUPPORT (Address family not supported by protocol))",
    R"(bind(3, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=0x000001}, 12) = 0)",
    R"(bind(3, {sa_family=AF_PACKET, sll_protocol=htons(ETH_P_ARP), sll_ifindex=if_nametoindex("lo"), sll_hatype=ARPHRD_ETHER, sll_pkttype=PACKET_OUTGOING, sll_halen=6, sll_addr=[0x1, 0x2, 00, 0x4, 0xff, 0x6]}, 20) = -1 EINVAL (Invalid argument))",
    R"(connect(4, 0x8, 16) = -1 EFAULT (Bad address))",
    R"(connect(3, {sa_family=AF_UNIX, sun_path="a\tb\"\n"}, 110) = -1 ENOENT (No such file or directory))",
    R"(accept(4, {sa_family=AF_UNIX}, [110 => 2]) = 6)",
    R"(accept4(4, NULL, NULL, SOCK_CLOEXEC|SOCK_NONBLOCK) = 6)",
    R"(sendto(3, "x\0\1\377y", 5, MSG_DONTWAIT|0x10000000, NULL, 0) = 5)",
    R"(sendto(3, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"..., 3000, MSG_NOSIGNAL, NULL, 0) = 3000)",
    R"(sendto(-1, "abc", 3, 0x10000000 /* MSG_??? */, NULL, 0) = -1 EBADF (Bad file descriptor))",
    R"(recvfrom(5, 0x7ffdc1d8dc30, 4096, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable))",
    R"(recvfrom(4, "xy", 10, 0, 0x7ffdb53e4b20, [128 => 0]) = 2)",
    R"(recvfrom(16, 0x7ffd1230, 10, 0, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set))",
    R"(recvmsg(6, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=100}], msg_iovlen=1, msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[7, 8]}], msg_controllen=24, msg_flags=0}, 0) = 2)",
    R"(recvmsg(6, {msg_namelen=0}, 0) = -1 EAGAIN (Resource temporarily unavailable))",
    R"(sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="one", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=3}], 1, 0) = 1)",
    R"(setsockopt(4, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0)",
    R"(setsockopt(4, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("224.0.0.1"), imr_interface=inet_addr("0.0.0.0")}, 8) = 0)",
    R"(getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0)",
    R"(getsockopt(3, SOL_TCP, TCP_CONGESTION, "cubic\0\0\0\0\0\0\0\0\0\0\0", [16]) = 0)",
    R"(getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=12, uid=0, gid=-1}, [12]) = 0)",
    R"(fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK))",
    R"(fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0)",
    R"(fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK|O_LARGEFILE) = 0)",
    R"(fcntl(3, F_SETOWN_EX, {type=F_OWNER_PID, pid=7}) = 0)",
    R"(ioctl(3, FIONREAD, [5]) = 0)",
    R"(ioctl(3, SIOCGIFHWADDR, {ifr_name="lo", ifr_hwaddr={sa_family=ARPHRD_LOOPBACK, sa_data=00:0a:00:ff:00:01}}) = 0)",
    R"(poll([{fd=4, events=POLLOUT}, {fd=5, events=POLLIN|POLLPRI}], 2, 1000) = 1 ([{fd=4, revents=POLLOUT}]))",
    R"(poll([{fd=4, events=POLLIN}], 1, 10) = 0 (Timeout))",
    R"(ppoll([{fd=4, events=POLLIN}], 1, {tv_sec=1, tv_nsec=5}, [INT RT_1], 8) = 1 ([{fd=4, revents=POLLIN}], left {tv_sec=0, tv_nsec=999999999}))",
    R"(pselect6(5, [4], [3 4], NULL, {tv_sec=1, tv_nsec=0}, NULL) = 2 (out [3 4], left {tv_sec=0, tv_nsec=999998598}))",
    R"(pselect6(5, NULL, [3 4], NULL, NULL, {sigmask=~[KILL STOP RTMIN], sigsetsize=8}) = 1 (out [4]))",
    R"(epoll_ctl(9, EPOLL_CTL_ADD, 6, {events=EPOLLIN|EPOLLRDHUP|EPOLLET, data={u32=878082192, u64=78187493520}}) = 0)",
    R"(epoll_ctl(9, EPOLL_CTL_DEL, 6, NULL) = 0)",
    R"(epoll_wait(9, [{events=EPOLLIN, data={u32=6, u64=6}}], 8, -1) = 1)",
    R"(sendfile(3, 4, [0] => [100], 100) = 100)",
    R"(shutdown(3, SHUT_WR) = 0)",
    R"(close_range(3, 4294967295, 0) = 0)",
};

// Calls that any descriptor may be given to are shown of those that are sockets.
std::string after_sockets(const std::string& line) {
  std::string log;
  for (int fd = 3; fd < 7; ++fd) log += "shutdown(" + std::to_string(fd) + ", SHUT_RD) = 0\n";
  return log + line + "\n";
}

}  // namespace

TEST_CASE("A call is printed again as strace has printed it") {
  for (const char* call : kCalls) {
    const std::string log = after_sockets(call);
    Complaints complaints;
    CHECK(reprinted(log, like_strace(), &complaints) == log);
    CHECK(complaints.empty());
  }
}

TEST_CASE("Of a netlink message that strace has taken apart the header is kept, and the length") {
  constexpr const char* kLog =
      R"(sendto(3, [{nlmsg_len=20, nlmsg_type=0x12 /* NLMSG_??? */, nlmsg_flags=NLM_F_REQUEST|0x300, nlmsg_seq=1, nlmsg_pid=0}, "\x00\x01"], 20, 0, NULL, 0) = 20
recvfrom(3, [{nlmsg_len=1484, nlmsg_type=RTM_NEWLINK, nlmsg_flags=NLM_F_MULTI, nlmsg_seq=1, nlmsg_pid=8380}, {ifi_family=AF_UNSPEC}], 100, 0, NULL, NULL) = 100
recvfrom(3, [{nlmsg_len=36, nlmsg_type=0x99 /* NLMSG_??? */, nlmsg_flags=NEW_FLAG, nlmsg_seq=1, nlmsg_pid=0}, 7], 100, 0, NULL, NULL) = 36
)";
  constexpr const char* kReprinted =
      R"(sendto(3, "\24\0\0\0\22\0\1\3\1\0\0\0\0\0\0\0\0\1"..., 20, 0, NULL, 0) = 20
recvfrom(3, "\314\5\0\0\20\0\2\0\1\0\0\0\274 \0\0"..., 100, 0, NULL, NULL) = 100
recvfrom(3, ""..., 100, 0, NULL, NULL) = 36
)";
  Complaints complaints;
  CHECK(reprinted(kLog, like_strace(), &complaints) == kReprinted);
  CHECK(complaints.empty());
}

TEST_CASE("Every call of a log becomes JSON that keeps to the schema") {
  JsonPrinter printer;
  for (const char* call : kCalls) read_log(after_sockets(call), printer);
  size_t begin = 0;
  const std::string text(printer.text());
  for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', begin)) {
    const std::string line = text.substr(begin, end - begin);
    INFO(line);
    CHECK(schema_violation(trace_schema(), nlohmann::json::parse(line)) == "");
    CHECK((line.find("\"event\":\"call\"") == line.npos ||
           line.find("\"via\":\"strace\"") != line.npos));
    begin = end + 1;
  }
}

TEST_CASE("Whatever options the lines were printed with, the calls are the same") {
  const char* prefix = GENERATE("", "[pid  1234] ", "1234  ", "1234<echo> ", "12:34:56 ",
                                "12:34:56.123456 ", "1700000000.123456 ", "1234 1700000000.123456 ",
                                "     0.000123 ", "12:34:56.123456 (+     0.000123) ", "[  49] ",
                                "[pid 12] 12:34:56 [  49] ", "[00007f1234567890] ");
  const char* suffix = GENERATE("", " <0.000012>");
  TextOptions options = like_strace();
  options.thread_prefix = ThreadPrefix::None;
  const std::string line = "bind(3, {sa_family=AF_UNIX}, 2) = 0";
  CHECK(reprinted(prefix + line + suffix + "\n", options) == line + "\n");
}

TEST_CASE("An unfinished call is joined with its resumed line") {
  TextOptions options = like_strace();
  options.thread_prefix = ThreadPrefix::Always;
  const std::string log =
      "31578 recvfrom(16,  <unfinished ...>\n"
      "31579 sendto(15, \"wake\", 4, 0, NULL, 0) = 4\n"
      "31578 <... recvfrom resumed>\"wake\", 8, 0, NULL, NULL) = 4\n";
  CHECK(reprinted(log, options) == log);
}

TEST_CASE("A call that its process was killed in never returned") {
  TextOptions options = like_strace();
  options.thread_prefix = ThreadPrefix::Always;
  const std::string log =
      "12    recvfrom(16,  <unfinished ...>) = ?\n"
      "12    +++ killed by SIGKILL +++\n";
  CHECK(reprinted(log, options) == log);
}

TEST_CASE("A call that a log ends in never returned") {
  CHECK(reprinted("recvfrom(16,  <unfinished ...>\n") == "recvfrom(16,  <unfinished ...>) = ?\n");
}

TEST_CASE("What restart_syscall returns is what the interrupted call returned") {
  const std::string log = after_sockets(
      "poll([{fd=4, events=POLLIN}], 1, 60000) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)\n"
      "--- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=1, si_uid=0} ---\n"
      "restart_syscall(<... resuming interrupted poll ...>) = 1");
  CHECK(reprinted(log).ends_with("poll([{fd=4, events=POLLIN}], 1, 60000) = 1 ()\n"));
}

TEST_CASE("Of read and close those alone are told that are about a socket") {
  const std::string of_a_file =
      "read(3, \"file\", 10) = 4\n"
      "close(3) = 0\n";
  const std::string of_a_socket =
      "socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"
      "read(3, \"socket\", 10) = 6\n"
      "close(3) = 0\n";
  const std::string of_nothing = "close(3) = -1 EBADF (Bad file descriptor)\n";
  CHECK(reprinted(of_a_file + of_a_socket + of_nothing) == of_a_socket);
}

TEST_CASE("A descriptor's decoration says that it is a socket, and which") {
  TextOptions options = like_strace();
  options.descriptors = DescriptorDetail::Address;
  const std::string log =
      "read(3<TCP:[127.0.0.1:8080->127.0.0.1:40000]>, \"x\", 1) = 1\n"
      "read(4</tmp/a>, \"x\", 1) = 1\n"
      "write(3<TCP:[127.0.0.1:8080->127.0.0.1:40000]>, \"x\", 1) = 1\n";
  CHECK(reprinted(log, options) ==
        "read(3, \"x\", 1) = 1\n"
        "write(3<TCP:[127.0.0.1:8080->127.0.0.1:40000]>, \"x\", 1) = 1\n");
}

TEST_CASE("A child's descriptors are those that its parent had") {
  TextOptions options = like_strace();
  options.thread_prefix = ThreadPrefix::Always;
  const std::string log =
      "10    socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"
      "10    clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f12) = 11\n"
      "11    close(3)                    = 0\n"
      "10    close(3)                    = 0\n"
      "11    +++ exited with 0 +++\n";
  const std::string text = reprinted(log, options);
  CHECK(text.find("11    close(3) = 0\n") != text.npos);
  CHECK(text.find("10    close(3) = 0\n") != text.npos);
}

TEST_CASE("A thread closes what another thread of its process has opened") {
  TextOptions options = like_strace();
  options.thread_prefix = ThreadPrefix::Always;
  const std::string log =
      "10    clone3({flags=CLONE_VM|CLONE_THREAD, child_tid=0x7f12} => {parent_tid=[11]}, 88) = "
      "11\n"
      "10    socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"
      "11    close(3) = 0\n"
      "11    +++ exited with 0 +++\n";
  CHECK(reprinted(log, options) ==
        "10    socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"
        "11    close(3) = 0\n");
}

TEST_CASE("A line that can't be read is reported with its number and skipped") {
  Complaints complaints;
  const std::string text = reprinted(
      "shutdown(3, SHUT_WR) = 0\n"
      "hello\n"
      "connect(3, {sa_family=AF_INET, sin_port=\n"
      "shutdown(3, SHUT_SIDEWAYS) = 0\n"
      "<... accept resumed>NULL, NULL) = 4\n"
      "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f4d01a0000\n"
      "shutdown(3, SHUT_RD) = 0\n",
      like_strace(), &complaints);
  CHECK(text == "shutdown(3, SHUT_WR) = 0\nshutdown(3, SHUT_RD) = 0\n");
  CHECK(complaints ==
        Complaints{"2: this is no line of strace's", "3: connect: this is no call",
                   "4: shutdown: 'SHUT_SIDEWAYS' is no number and no name that is known",
                   "5: accept is resumed, but it had not begun"});
}

TEST_CASE("A million brackets are no call, and nothing overflows") {
  Complaints complaints;
  reprinted("connect(" + std::string(1'000'000, '[') + "\n", like_strace(), &complaints);
  CHECK(complaints == Complaints{"1: connect: this is no call"});
}
