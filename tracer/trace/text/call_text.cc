// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/call_text.h"

#include <errno.h>
#include <sys/time.h>

#include <algorithm>

#include "tracer/trace/text/address.h"
#include "tracer/trace/text/control_operation.h"
#include "tracer/trace/text/names.h"
#include "tracer/trace/text/parameter.h"
#include "tracer/trace/text/result.h"

namespace wireseam {
namespace {

using enum ParameterKind;

// What the kernel or libc fills: unknown until the call returns. MessagesIn belongs to them because
// of msg_len.
constexpr ParameterKind kFilled[] = {BytesOut,       VectorOut, MessagesIn,  MessagesOut, FdPairOut,
                                     EpollEventsOut, PidOut,    AddrinfoOut, HostentOut};

// What the call reads through a pointer: recorded when it returns.
constexpr ParameterKind kRead[] = {AddressIn,   BytesIn,       VectorIn,  MessageIn,
                                   OptionIn,    PollFds,       FdSet,     TimevalInOut,
                                   TimespecIn,  TimespecInOut, SignalSet, EpollEventIn,
                                   OffsetInOut, String,        Strings,   AddrinfoHints};

bool contains(std::span<const ParameterKind> kinds, ParameterKind kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

// The system call was not made: of select(2), for a negative time.
bool is_refused_by_libc(const CallEvent& call) {
  if (call.number == CallNumber::select && call.failed() && call.errnum == EINVAL) {
    const auto time = call.blobs.find(4, BlobPart::Before);
    const auto value = time ? read_at<timeval>(time->bytes) : std::nullopt;
    return value && (value->tv_sec < 0 || value->tv_usec < 0);
  }
  return call.number == CallNumber::fexecve && (static_cast<int>(call.arguments[0]) < 0 ||
                                                call.arguments[1] == 0 || call.arguments[2] == 0);
}

// Of the exec functions that take no environment.
bool takes_own_environment(const CallEvent& call) {
  return call.info->syscall == "execve" && call.info->parameter_count == 2;
}

}  // namespace

CallText::CallText(TextWriter& out, const Event& event)
    : out_(out), event_(event), call_(std::get<CallEvent>(event.what)) {}

bool CallText::shows(View view, const CallEvent& call) {
  if (view == View::Libc) return true;
  return call.info != nullptr && !call.info->syscall.empty() && !is_refused_by_libc(call);
}

std::string_view CallText::name() const {
  if (call_.info == nullptr) return "call";
  return out_.as_syscall() ? call_.info->syscall : call_.info->name;
}

size_t CallText::count() const {
  if (call_.info == nullptr) return kMaxArguments;
  const size_t count = call_.info->parameter_count;
  const bool without = (call_.number == CallNumber::fcntl && !has_fcntl_argument(out_, call_)) ||
                       (call_.number == CallNumber::ioctl && !has_ioctl_argument(out_, call_));
  return without ? count - 1 : count;
}

bool CallText::is_output(size_t index) const {
  const ParameterKind kind = call_.info->parameter_storage[index].kind;
  const Argument argument{out_, event_, call_, index};
  const bool running = call_.state != CallState::Returned;
  const auto has_before = [&](const Argument& pointer) {
    return pointer.value() != 0 && (running || pointer.blob(BlobPart::Before).has_value());
  };
  if (contains(kFilled, kind)) return true;
  if (kind == AddressOut || kind == OptionOut)
    return (kind == OptionOut || argument.value() != 0) && has_before(argument.next());
  if (kind == MessageOut) return has_before(argument);
  if (kind == FcntlArgument) return is_output_fcntl(call_.arguments[1]);
  return kind == IoctlArgument && is_output_ioctl(call_.arguments[1]);
}

bool CallText::is_unread(size_t index) const {
  if (call_.state != CallState::Running) return false;
  const auto missing = [&](BlobPart part) { return !call_.blobs.find(index, part); };
  return contains(kRead, call_.info->parameter_storage[index].kind) &&
         call_.arguments[index] != 0 && missing(BlobPart::Value) && missing(BlobPart::Before) &&
         missing(BlobPart::Vector) && missing(BlobPart::Given);
}

size_t CallText::known_at_entry() const {
  if (call_.info == nullptr) return count();
  for (size_t i = 0; i < count(); ++i) {
    if (is_output(i) || is_unread(i)) return i;
    const bool offset_changes = call_.number == CallNumber::sendfile &&
                                call_.info->parameter_storage[i].kind == OffsetInOut;
    if (offset_changes && Argument{out_, event_, call_, i}.blob(BlobPart::Before)) return i + 1;
  }
  return count();
}

bool CallText::comma_comes_late(size_t cut) const {
  if (cut == 0 || cut == count()) return true;
  const ParameterKind kind = call_.info->parameter_storage[cut].kind;
  return kind == FcntlArgument || kind == IoctlArgument ||
         call_.info->parameter_storage[cut - 1].kind == OffsetInOut;
}

void CallText::write_argument(size_t index) {
  const Parameter& parameter = call_.info->parameter_storage[index];
  if (out_.options().parameter_names) {
    out_.text(parameter.name);
    out_.text("=");
  }
  // What fexecve hands to execveat besides.
  if (out_.as_syscall() && call_.number == CallNumber::fexecve && index == 1) out_.text("\"\", ");
  write_parameter(parameter.kind, {out_, event_, call_, index});
}

void CallText::write_unknown_call() {
  out_.number(static_cast<uint64_t>(call_.number));
  out_.text("(");
  for (size_t i = 0; i < kMaxArguments; ++i) {
    if (i > 0) out_.text(", ");
    out_.hex(call_.arguments[i]);
  }
}

// What libc appends to the system call's arguments.
void CallText::write_tail() {
  if (!out_.as_syscall()) return;
  out_.text(call_.info->syscall_tail);
  if (!takes_own_environment(call_)) return;
  out_.text(", ");
  write_environment({out_, event_, call_, call_.info->parameter_count});
}

void CallText::write_entry() {
  out_.begin(TextColor::Call);
  out_.text(name());
  out_.end_color();
  if (call_.info == nullptr) return write_unknown_call();
  out_.text("(");
  const size_t cut = known_at_entry();
  for (size_t i = 0; i < cut; ++i) {
    if (i > 0) out_.text(", ");
    write_argument(i);
  }
  if (cut == count()) write_tail();
  if (!comma_comes_late(cut)) out_.text(", ");
}

void CallText::write_exit(size_t already_written) {
  if (call_.info != nullptr && already_written < count()) {
    const bool late = comma_comes_late(already_written) && already_written > 0;
    if (late && call_.info->parameter_storage[already_written - 1].kind == OffsetInOut)
      write_offset_after({out_, event_, call_, already_written - 1});
    for (size_t i = already_written; i < count(); ++i) {
      if (i > already_written || late) out_.text(", ");
      write_argument(i);
    }
    write_tail();
  }
  out_.text(")");
}

void CallText::write_result() { wireseam::write_result(out_, event_, call_); }

}  // namespace wireseam
