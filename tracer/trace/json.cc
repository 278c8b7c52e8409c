// SPDX-License-Identifier: Apache-2.0
// The keys of a line, in the order of docs/json.md.
#include "tracer/trace/json.h"

#include <sys/wait.h>

#include "common/error.h"
#include "tracer/trace/json/address.h"
#include "tracer/trace/json/argument.h"
#include "tracer/trace/json/parameter.h"

namespace wireseam {
namespace {

constexpr int kJsonVersion = 1;

std::string_view event_name(const Event& event) {
  static constexpr std::string_view kNames[] = {"call", "process", "exit", "lost", "unseen-socket"};
  static_assert(std::variant_size_v<decltype(event.what)> == std::size(kNames));
  return kNames[event.what.index()];
}

// How the call was seen.
std::string_view via(const CallEvent& call) {
  if ((call.flags & kFlagStrace) != 0) return "strace";
  return (call.flags & kFlagSyscall) != 0 ? "syscall" : "libc";
}

std::string_view role_name(SocketRole role) {
  switch (role) {
    case SocketRole::Unknown:
      break;
    case SocketRole::Client:
      return "client";
    case SocketRole::Server:
      return "server";
    case SocketRole::Listener:
      return "listener";
  }
  return {};
}

std::string_view cause_name(ProcessCause cause) {
  switch (cause) {
    case ProcessCause::Start:
      return "start";
    case ProcessCause::Fork:
      return "fork";
    case ProcessCause::Vfork:
      return "vfork";
    case ProcessCause::Exec:
      return "exec";
  }
  return "unknown";
}

void write_socket(JsonWriter& out, int fd, const Socket& socket) {
  const JsonObject object(out);
  out.key("fd").number(fd);
  out.key("id").number(socket.id);
  if (socket.cookie != 0) out.key("cookie").number(socket.cookie);
  const auto domain = static_cast<uint32_t>(socket.domain);
  if (socket.domain >= 0)
    json::write_constant(out.key("family"), ConstantGroup::AddressFamily, domain);
  if (socket.type >= 0)
    json::write_constant(out.key("type"), ConstantGroup::SocketType,
                         static_cast<uint32_t>(socket.type));
  if (socket.protocol >= 0)
    json::write_socket_protocol(out.key("protocol"), domain,
                                static_cast<uint32_t>(socket.protocol));
  const std::string_view role = role_name(socket.role);
  if (!role.empty()) out.key("role").string(role);
  if (!socket.local.empty()) json::write_address(out.key("local"), socket.local);
  if (!socket.peer.empty()) json::write_address(out.key("peer"), socket.peer);
}

void write_transfer(JsonWriter& out, const Transfer& transfer, const Socket& socket) {
  out.key("direction").string(transfer.way == Way::Sent ? "sent" : "received");
  out.key("bytes").number(transfer.bytes);
  if (transfer.urgent) out.key("urgent").boolean(true);
  if (!transfer.range) return;
  out.key("range");
  const JsonObject object(out);
  out.key("begin").number(transfer.range->begin);
  out.key("end").number(transfer.range->end);
  if (!socket.exact) out.key("exact").boolean(false);
}

void write_sockets(JsonWriter& out, const CallSockets& about) {
  if (about.socket != nullptr) write_socket(out.key("socket"), about.fd, *about.socket);
  if (about.socket != nullptr && about.transfer)
    write_transfer(out, *about.transfer, *about.socket);
  if (about.made.empty()) return;
  out.key("new_sockets");
  const JsonArray array(out);
  for (const auto& [fd, socket] : about.made) write_socket(out, fd, *socket);
}

void write_arguments(JsonWriter& out, const CallEvent& call) {
  const JsonObject object(out);
  const auto parameters = call.info->parameters();
  for (size_t i = 0; i < parameters.size(); ++i) {
    out.key(parameters[i].name);
    json::write_argument({out, call, i}, parameters[i].kind);
  }
}

// A call of a newer version: its arguments as they are.
void write_raw_arguments(JsonWriter& out, const CallEvent& call) {
  const JsonArray array(out);
  for (const uint64_t argument : call.arguments) out.hex(argument);
}

void write_named_error(JsonWriter& out, int64_t number, ConstantGroup group) {
  const JsonObject object(out);
  out.key("number").number(number);
  const std::string_view name = constant_name(group, static_cast<uint64_t>(number));
  if (!name.empty()) out.key("name").string(name);
  if (group == ConstantGroup::Errno) out.key("text").string(errno_text(static_cast<int>(number)));
}

void write_result_value(JsonWriter& out, const CallEvent& call) {
  if (call.state != CallState::Returned) return out.null();
  switch (call.info != nullptr ? call.info->result : ResultKind::Int) {
    case ResultKind::None:
      return out.null();
    case ResultKind::Pointer:
    case ResultKind::Hostent:
      return json::write_pointer(out, static_cast<uint64_t>(call.result));
    case ResultKind::Status:
    case ResultKind::Int:
    case ResultKind::ByteCount:
    case ResultKind::Count:
    case ResultKind::NewSocket:
    case ResultKind::NewFd:
    case ResultKind::Duplicate:
    case ResultKind::Closed:
    case ResultKind::Pid:
    case ResultKind::AddrinfoStatus:
    case ResultKind::SpawnStatus:
      return out.number(call.result);
  }
}

void write_result(JsonWriter& out, const CallEvent& call) {
  out.key("result");
  write_result_value(out, call);
  if (call.state != CallState::Returned) return;
  const ResultKind kind = call.info != nullptr ? call.info->result : ResultKind::Int;
  if (kind == ResultKind::AddrinfoStatus && call.result != 0)
    write_named_error(out.key("gai_error"), call.result, ConstantGroup::AddrinfoError);
  if (kind == ResultKind::SpawnStatus && call.result != 0)
    write_named_error(out.key("errno"), call.result, ConstantGroup::Errno);
  else if (call.failed())
    write_named_error(out.key("errno"), call.errnum, ConstantGroup::Errno);
  if (call.number == CallNumber::fcntl && !call.failed()) json::write_fcntl_result(out, call);
  if (kind == ResultKind::Hostent && call.result != 0)
    json::write_host_addresses({out.key("result_addresses"), call, 0});
}

void write_notes(JsonWriter& out, uint16_t flags) {
  struct Note {
    uint16_t flag;
    std::string_view name;
  };
  static constexpr Note kNotes[] = {{kFlagFortified, "fortified"},
                                    {kFlagVforkChild, "vfork-child"},
                                    {kFlagBlobsLost, "arguments-lost"}};
  constexpr uint16_t kNoted = kFlagFortified | kFlagVforkChild | kFlagBlobsLost;
  if ((flags & kNoted) == 0) return;
  out.key("notes");
  const JsonArray array(out);
  for (const Note& note : kNotes)
    if ((flags & note.flag) != 0) out.string(note.name);
}

void write_caller(JsonWriter& out, const Caller& caller) {
  if (caller.address == 0) return;
  out.key("caller");
  const JsonObject object(out);
  out.key("address").hex(caller.address);
  if (!caller.module.empty()) out.key("module").string(caller.module);
  if (!caller.symbol.empty()) out.key("symbol").string(caller.symbol);
}

void write_begin(JsonWriter& out, const ProcessBeginEvent& begin) {
  out.key("cause").string(cause_name(begin.cause));
  out.key("parent_pid").number(begin.parent);
  out.key("uid").number(begin.user);
}

void write_lost(JsonWriter& out, const LostEvent& lost) {
  out.key("lost").number(lost.count);
  if (lost.cause == LostCause::Damage) out.key("damaged").boolean(true);
}

void write_unseen_socket(JsonWriter& out, const UnseenSocketEvent& socket) {
  const SocketIdentity& identity = socket.identity;
  out.key("inode").number(identity.inode);
  json::write_constant(out.key("family"), ConstantGroup::AddressFamily,
                       static_cast<uint32_t>(identity.domain));
  json::write_constant(out.key("type"), ConstantGroup::SocketType,
                       static_cast<uint32_t>(identity.type));
  if (!socket.local().empty()) json::write_address(out.key("local"), socket.local());
  if (!socket.peer().empty()) json::write_address(out.key("peer"), socket.peer());
  if (socket.until_ns != kStillThere) out.key("gone").boolean(true);
}

// wait(2)'s status: what does not apply, or is not known, is null.
void write_end(JsonWriter& out, const ProcessEndEvent& end) {
  const bool known = end.status != kStatusUnknown;
  out.key("exit_code");
  if (known && WIFEXITED(end.status))
    out.number(WEXITSTATUS(end.status));
  else
    out.null();
  out.key("signal");
  if (!known || !WIFSIGNALED(end.status)) return out.null();
  json::write_constant(out, ConstantGroup::Signal, static_cast<uint32_t>(WTERMSIG(end.status)));
  out.key("core_dumped").boolean(WCOREDUMP(end.status) != 0);
}

}  // namespace

void JsonPrinter::event(const Event& event) {
  const CallSockets about = sockets_.apply(event);
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    names_[event.pid] = begin->name;
  if (!filter_ || filter_(event)) append_line(event, about);
  if (std::holds_alternative<ProcessEndEvent>(event.what)) names_.erase(event.pid);
}

void JsonPrinter::append_line(const Event& event, const CallSockets& about) {
  {
    const JsonObject object(out_);
    out_.key("version").number(kJsonVersion);
    out_.key("event").string(event_name(event));
    append_time(event.time_ns);
    out_.key("pid").number(event.pid);
    out_.key("tid").number(event.tid);
    out_.key("process_index").number(event.process);
    const auto name = names_.find(event.pid);
    if (name != names_.end()) out_.key("process_name").string(name->second);
    if (const auto* call = std::get_if<CallEvent>(&event.what)) append_call(*call, about);
    if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what)) write_begin(out_, *begin);
    if (const auto* end = std::get_if<ProcessEndEvent>(&event.what)) write_end(out_, *end);
    if (const auto* lost = std::get_if<LostEvent>(&event.what)) write_lost(out_, *lost);
    if (const auto* socket = std::get_if<UnseenSocketEvent>(&event.what))
      write_unseen_socket(out_, *socket);
  }
  lines_ += '\n';
}

void JsonPrinter::append_call(const CallEvent& call, const CallSockets& about) {
  out_.key("duration_ns").number(call.duration_ns);
  out_.key("serial").number(call.serial);
  out_.key("via").string(via(call));
  write_notes(out_, call.flags);
  const bool unfinished = call.state != CallState::Returned && !call.never_returns();
  if (unfinished) out_.key("unfinished").boolean(true);
  if (call.info == nullptr) {
    out_.key("call").number(static_cast<uint16_t>(call.number));
    write_raw_arguments(out_.key("raw_args"), call);
  } else {
    out_.key("call").string(call.info->name);
    if (!call.info->syscall.empty()) out_.key("syscall").string(call.info->syscall);
    write_arguments(out_.key("args"), call);
  }
  write_result(out_, call);
  write_sockets(out_, about);
  write_caller(out_, call.caller);
}

void JsonPrinter::append_time(uint64_t time_ns) {
  out_.key("time");
  lines_ += '"';
  time_.append(lines_, time_ns);
  lines_ += '"';
}

}  // namespace wireseam
