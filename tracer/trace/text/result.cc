// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/result.h"

#include <netdb.h>

#include <vector>

#include "common/error.h"
#include "tracer/trace/text/control_operation.h"
#include "tracer/trace/text/names.h"
#include "tracer/trace/text/readiness.h"

namespace wireseam {
namespace {

// strerror(3) looks into the message catalogue each time; a program that polls fails very often.
const std::string& cached_errno_text(uint64_t errnum) {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> all;
    for (int i = 0; i < 256; ++i) all.push_back(errno_text(i));
    return all;
  }();
  static const std::string none;
  return errnum < texts.size() ? texts[errnum] : none;
}

// " EAGAIN (Resource temporarily unavailable)".
void write_errno(TextWriter& out, uint64_t errnum) {
  const std::string_view name = constant_name(ConstantGroup::Errno, errnum);
  if (name.empty()) {
    out.text(" (errno ");
    out.number(errnum);
  } else {
    out.text(" ");
    out.text(name);
    out.text(" (");
    out.text(cached_errno_text(errnum));
  }
  out.text(")");
}

// What the kernel alone sees: the call is made again, or fails with EINTR.
std::string_view restart_text(int32_t errnum) {
  switch (errnum) {
    case 512:
      return "? ERESTARTSYS (To be restarted if SA_RESTART is set)";
    case 513:
      return "? ERESTARTNOINTR (To be restarted)";
    case 514:
      return "? ERESTARTNOHAND (To be restarted if no handler)";
    case 516:
      return "? ERESTART_RESTARTBLOCK (Interrupted by signal)";
    default:
      return {};
  }
}

void write_failure(TextWriter& out, const CallEvent& call) {
  out.begin(TextColor::Failure);
  if (const std::string_view text = restart_text(call.errnum); !text.empty()) {
    out.text(text);
    return out.end_color();
  }
  if (call.result == 0)
    out.text("NULL");
  else
    out.decimal(call.result);
  write_errno(out, static_cast<uint32_t>(call.errnum));
  out.end_color();
}

// Functions that return an error number.
void write_error_number(TextWriter& out, int64_t number) {
  out.decimal(number);
  if (number > 0) write_errno(out, static_cast<uint64_t>(number));
}

void write_addrinfo_status(TextWriter& out, const CallEvent& call) {
  out.decimal(call.result);
  const std::string_view name =
      constant_name(ConstantGroup::AddrinfoError, static_cast<uint64_t>(call.result));
  if (name.empty()) return;
  out.text(" ");
  out.text(name);
  out.text(" (");
  out.text(gai_strerror(static_cast<int>(call.result)));
  out.text(")");
}

void write_count(TextWriter& out, const Event& event, const CallEvent& call) {
  using enum CallNumber;
  out.decimal(call.result);
  if (call.number == poll || call.number == ppoll) return write_poll_result(out, event, call);
  if (call.number == select || call.number == pselect) return write_select_result(out, event, call);
  if (call.number == recvmmsg) write_receive_result(out, event, call);
}

void write_integer(TextWriter& out, const CallEvent& call) {
  if (call.number == CallNumber::fcntl) return write_fcntl_result(out, call);
  if (call.number == CallNumber::gethostbyname_r || call.number == CallNumber::gethostbyname2_r)
    return write_error_number(out, call.result);
  out.decimal(call.result);
}

void write_host(TextWriter& out, const Event& event, const CallEvent& call) {
  out.pointer(static_cast<uint64_t>(call.result));
  if (call.result == 0) return;
  out.text(" (");
  write_host_addresses({out, event, call, 0});
  out.text(")");
}

void write_success(TextWriter& out, const Event& event, const CallEvent& call) {
  switch (call.info->result) {
    case ResultKind::None:
      return out.text(out.as_syscall() && !call.never_returns() ? "0" : "?");
    case ResultKind::Int:
      return write_integer(out, call);
    case ResultKind::Count:
      return write_count(out, event, call);
    case ResultKind::NewSocket:
    case ResultKind::NewFd:
    case ResultKind::Duplicate:
      return out.descriptor(static_cast<int>(call.result));
    case ResultKind::Pointer:
      return out.pointer(static_cast<uint64_t>(call.result));
    case ResultKind::AddrinfoStatus:
      return write_addrinfo_status(out, call);
    case ResultKind::Hostent:
      return write_host(out, event, call);
    case ResultKind::SpawnStatus:
      return write_error_number(out, call.result);
    case ResultKind::Status:
    case ResultKind::ByteCount:
    case ResultKind::Closed:
    case ResultKind::Pid:
      return out.decimal(call.result);
  }
}

bool is_exec(const CallEvent& call) {
  return call.info != nullptr &&
         (call.info->syscall == "execve" || call.info->syscall == "execveat");
}

}  // namespace

void write_result(TextWriter& out, const Event& event, const CallEvent& call) {
  out.text("= ");
  // An exec that succeeds never returns: it is how the program that called it ended.
  if (call.state != CallState::Returned) return out.text(is_exec(call) ? "0" : "?");
  if (call.failed()) return write_failure(out, call);
  if (call.info == nullptr) return out.hex(static_cast<uint64_t>(call.result));
  write_success(out, event, call);
}

}  // namespace wireseam
