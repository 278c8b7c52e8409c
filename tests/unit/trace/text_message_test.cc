// SPDX-License-Identifier: Apache-2.0
// Arrays of buffers, messages and control data, as strace 6.1 prints them; and bytes that nobody
// would send.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/trace/text_lines.h"

using namespace wireseam;
using namespace wireseam::test;
using namespace std::string_view_literals;

namespace {

void* at(int64_t address) { return reinterpret_cast<void*>(static_cast<uintptr_t>(address)); }

std::string_view bytes_of(const auto& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

msghdr header(size_t iovlen, size_t controllen = 0) {
  msghdr value{};
  value.msg_iov = static_cast<iovec*>(at(kPointer));
  value.msg_iovlen = iovlen;
  value.msg_control = controllen > 0 ? at(0x5000) : nullptr;
  value.msg_controllen = controllen;
  return value;
}

std::string control_message(int level, int type, std::string_view data, size_t length = 0) {
  std::string bytes(CMSG_SPACE(data.size()), '\0');
  cmsghdr message{};
  message.cmsg_len = length != 0 ? length : CMSG_LEN(data.size());
  message.cmsg_level = level;
  message.cmsg_type = type;
  std::memcpy(bytes.data(), &message, sizeof message);
  if (!data.empty()) std::memcpy(bytes.data() + sizeof message, data.data(), data.size());
  return bytes;
}

// What a sendmsg with these control bytes shows for them.
std::string control(std::string_view bytes, const TextOptions& options = {}) {
  EventBuilder call("sendmsg");
  call.arguments({3, kPointer, 0}).value(1, header(0, bytes.size())).returns(0);
  call.part(1, BlobPart::Control, bytes);
  const std::string text = line(call, options);
  const size_t begin = text.find("msg_control=") + 12;
  return text.substr(begin, text.find(", msg_controllen") - begin);
}

}  // namespace

TEST_CASE("each buffer of an array is shown with its bytes") {
  EventBuilder call("writev");
  const iovec vector[] = {{at(kPointer), 3}, {nullptr, 0}, {at(kPointer), 100}};
  call.arguments({3, kPointer, 3}).returns(103).part(1, BlobPart::Vector, vector);
  call.part(1, BlobPart::Buffer, "abc").blob(1, BlobPart::Buffer, "de", 0, 100);
  CHECK(line(call) ==
        "writev(3, [{iov_base=\"abc\", iov_len=3}, {iov_base=NULL, iov_len=0}, "
        "{iov_base=\"de\"..., iov_len=100}], 3) = 103");
}

TEST_CASE("buffers without bytes are shown as pointers") {
  EventBuilder call("readv");
  const iovec vector[] = {{at(0x10), 3}, {at(0x20), 100}};
  call.arguments({3, kPointer, 2}).fails(EAGAIN).part(1, BlobPart::Vector, vector);
  CHECK(line(call) ==
        "readv(3, [{iov_base=0x10, iov_len=3}, {iov_base=0x20, iov_len=100}], 2) = -1 EAGAIN "
        "(Resource temporarily unavailable)");
  EventBuilder unknown("readv");
  unknown.arguments({3, kPointer, 2}).fails(EFAULT);
  CHECK(line(unknown) == "readv(3, 0x7ffe1000, 2)                 = -1 EFAULT (Bad address)");
}

TEST_CASE("of a long array the first elements are shown, with -v all of them") {
  EventBuilder call("writev");
  const std::vector<iovec> vector(3, iovec{nullptr, 0});
  const std::string_view bytes(reinterpret_cast<const char*>(vector.data()), 3 * sizeof(iovec));
  call.arguments({3, kPointer, 3}).returns(0).part(1, BlobPart::Vector, bytes);
  TextOptions options;
  options.string_limit = 1;
  CHECK(line(call, options) == "writev(3, [{iov_base=NULL, iov_len=0}, ...], 3) = 0");
  options.abbreviate = false;
  CHECK(line(call, options).find("...") == std::string::npos);
}

TEST_CASE("a message is shown with its name, buffers and flags") {
  EventBuilder call("recvmsg");
  msghdr message = header(1);
  message.msg_name = at(kPointer);
  message.msg_namelen = 2;
  message.msg_flags = MSG_TRUNC;
  const iovec vector[] = {{at(kPointer), 50}};
  call.arguments({3, kPointer, 0}).returns(2).before(1, uint32_t{128}).value(1, message);
  call.part(1, BlobPart::Name, "\1\0"sv).part(1, BlobPart::Vector, vector);
  call.part(1, BlobPart::Buffer, "hi");
  CHECK(line(call) ==
        "recvmsg(3, {msg_name={sa_family=AF_UNIX}, msg_namelen=128 => 2, "
        "msg_iov=[{iov_base=\"hi\", iov_len=50}], msg_iovlen=1, msg_controllen=0, "
        "msg_flags=MSG_TRUNC}, 0) = 2");
}

TEST_CASE("a message that was not received shows what there was before") {
  EventBuilder call("recvmsg");
  call.arguments({3, kPointer, MSG_DONTWAIT}).fails(EAGAIN).before(1, uint32_t{128});
  CHECK(line(call) ==
        "recvmsg(3, {msg_namelen=128}, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily "
        "unavailable)");
}

TEST_CASE("messages that were sent have a length") {
  EventBuilder call("sendmmsg");
  mmsghdr messages[2]{};
  messages[0].msg_len = 5;
  call.arguments({3, kPointer, 2, 0}).returns(1).value(1, messages);
  CHECK(line(call) ==
        "sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=NULL, msg_iovlen=0, "
        "msg_controllen=0, msg_flags=0}, msg_len=5}, {msg_hdr={msg_name=NULL, msg_namelen=0, "
        "msg_iov=NULL, msg_iovlen=0, msg_controllen=0, msg_flags=0}}], 2, 0) = 1");
}

TEST_CASE("recvmmsg shows what it received and the time that is left") {
  EventBuilder call("recvmmsg");
  const mmsghdr messages[1]{};
  call.arguments({3, kPointer, 2, 0, kPointer}).returns(1).value(1, messages);
  call.before(4, timespec{1, 0}).value(4, timespec{0, 5});
  CHECK(line(call) ==
        "recvmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=NULL, msg_iovlen=0, "
        "msg_controllen=0, msg_flags=0}, msg_len=0}], 2, 0, {tv_sec=1, tv_nsec=0}) = 1 "
        "(left {tv_sec=0, tv_nsec=5})");
  EventBuilder timeout("recvmmsg");
  timeout.arguments({3, kPointer, 2, 0, 0}).returns(0).value(1, ""sv);
  CHECK(line(timeout) == "recvmmsg(3, [], 2, 0, NULL)             = 0 (Timeout)");
}

TEST_CASE("control messages are shown by their type") {
  const int fds[] = {7, 8};
  CHECK(control(control_message(SOL_SOCKET, SCM_RIGHTS, bytes_of(fds))) ==
        "[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[7, 8]}]");
  const ucred credentials{1, 2, static_cast<gid_t>(-1)};
  CHECK(control(control_message(SOL_SOCKET, SCM_CREDENTIALS, bytes_of(credentials))) ==
        "[{cmsg_len=28, cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, cmsg_data={pid=1, "
        "uid=2, gid=-1}}]");
  const in_pktinfo info{3, {htonl(INADDR_ANY)}, {htonl(INADDR_LOOPBACK)}};
  CHECK(control(control_message(SOL_IP, IP_PKTINFO, bytes_of(info))) ==
        "[{cmsg_len=28, cmsg_level=SOL_IP, cmsg_type=IP_PKTINFO, cmsg_data={ipi_ifindex=3, "
        "ipi_spec_dst=inet_addr(\"0.0.0.0\"), ipi_addr=inet_addr(\"127.0.0.1\")}}]");
}

TEST_CASE("a time stamp has the kernel's name in the view of system calls") {
  const std::string bytes = control_message(SOL_SOCKET, SO_TIMESTAMP, bytes_of(timeval{1, 2}));
  CHECK(control(bytes) ==
        "[{cmsg_len=32, cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMP, cmsg_data={tv_sec=1, "
        "tv_usec=2}}]");
  CHECK(control(bytes, as_syscall()) ==
        "[{cmsg_len=32, cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMP_OLD, cmsg_data={tv_sec=1, "
        "tv_usec=2}}]");
}

TEST_CASE("what strace 6.1 does not know of control messages is shown in our own view only") {
  const std::string bytes = control_message(SOL_IPV6, IPV6_HOPLIMIT, bytes_of(64));
  CHECK(control(bytes) ==
        "[{cmsg_len=20, cmsg_level=SOL_IPV6, cmsg_type=IPV6_HOPLIMIT, cmsg_data=[64]}]");
  CHECK(control(bytes, as_syscall()) == "[{cmsg_len=20, cmsg_level=SOL_IPV6, cmsg_type=0x34}]");
  CHECK(control(control_message(77, 78, "\1\2")) ==
        "[{cmsg_len=18, cmsg_level=0x4d /* SOL_??? */, cmsg_type=0x4e, cmsg_data=\"\\x01\\x02\"}]");
}

TEST_CASE("control messages whose lengths can't be believed end the walk") {
  CHECK(control(control_message(77, 78, "12345678", 3), as_syscall()) ==
        "[{cmsg_len=3, cmsg_level=0x4d /* SOL_??? */, cmsg_type=0x4e}, ... /* 0x5010 */]");
  CHECK(control(control_message(77, 78, "12345678", 1000), as_syscall()) ==
        "[{cmsg_len=1000, cmsg_level=0x4d /* SOL_??? */, cmsg_type=0x4e}]");
  CHECK(control(control_message(77, 78, "", ~size_t{0}), as_syscall()) ==
        "[{cmsg_len=18446744073709551615, cmsg_level=0x4d /* SOL_??? */, cmsg_type=0x4e}]");
  CHECK(control("0123456789") == "0x5000");
}

TEST_CASE("a control message that is too short for its type has no data") {
  CHECK(control(control_message(SOL_SOCKET, SCM_RIGHTS, "12"), as_syscall()) ==
        "[{cmsg_len=18, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS}]");
  CHECK(control(control_message(SOL_SOCKET, SO_TIMESTAMP, "12"), as_syscall()) ==
        "[{cmsg_len=18, cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMP_OLD, cmsg_data=???}]");
}
