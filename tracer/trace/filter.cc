// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/filter.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <functional>
#include <optional>

#include "common/error.h"
#include "tracer/trace/bytes.h"
#include "tracer/trace/call_descriptors.h"
#include "tracer/trace/call_sets.h"

namespace wireseam {
namespace {

enum class Status : uint8_t { Successful, Failed, Unfinished, Unavailable, Detached };

constexpr std::string_view kStatuses[] = {"successful", "failed", "unfinished", "unavailable",
                                          "detached"};

// What a token of a set stands for; no value where that is nothing.
using Meaning = std::function<std::optional<std::set<int>>(std::string_view token)>;

// "a,b", "!a,b", "none" or "all".
Selection selection(std::string_view text, std::string_view what, const Meaning& meaning) {
  Selection selection{.members = {}, .inverted = false};
  std::string_view rest = text;
  for (; rest.starts_with('!'); rest.remove_prefix(1)) selection.inverted = !selection.inverted;
  if (rest == "none") return selection;
  if (rest == "all") selection.inverted = !selection.inverted;
  if (rest == "all") return selection;
  do {
    const size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view token = rest.substr(0, comma);
    const auto members = meaning(token);
    if (!members) throw Error("invalid " + std::string(what) + " '" + std::string(token) + "'");
    selection.members.insert(members->begin(), members->end());
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  } while (!rest.empty());
  return selection;
}

std::optional<std::set<int>> meaning_of_call(std::string_view token) {
  const bool optional = token.starts_with('?');
  while (token.starts_with('?')) token.remove_prefix(1);
  auto calls = calls_named(token);
  return calls || !optional ? calls : std::set<int>{};
}

std::optional<std::set<int>> meaning_of_status(std::string_view token) {
  const auto* status = std::ranges::find(kStatuses, token);
  if (status == std::end(kStatuses)) return std::nullopt;
  return std::set{static_cast<int>(status - kStatuses)};
}

std::optional<std::set<int>> meaning_of_number(std::string_view token) {
  int number = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (error != std::errc{} || end != token.data() + token.size() || number < 0) return std::nullopt;
  return std::set{number};
}

Status status_of(const CallEvent& call) {
  if (call.state != CallState::Returned) return Status::Unfinished;
  const ResultKind kind = call.info != nullptr ? call.info->result : ResultKind::Int;
  const bool null_fails = kind == ResultKind::Pointer || kind == ResultKind::Hostent;
  const bool zero_succeeds = kind == ResultKind::AddrinfoStatus || kind == ResultKind::SpawnStatus;
  const bool failed =
      call.failed() || (null_fails && call.result == 0) || (zero_succeeds && call.result != 0);
  return failed ? Status::Failed : Status::Successful;
}

// A UNIX address as it is written on a command line: a path, or @name. Empty for other addresses.
std::string unix_name(std::span<const std::byte> address) {
  if (read_at<sa_family_t>(address) != AF_UNIX) return {};
  const std::string_view path = text_of(address.subspan(offsetof(sockaddr_un, sun_path)));
  if (path.starts_with('\0')) return "@" + std::string(path.substr(1));
  return std::string(path.substr(0, path.find('\0')));
}

}  // namespace

void Filter::add(std::string_view expression) {
  const size_t equals = expression.find('=');
  const std::string_view name = expression.substr(0, std::min(equals, expression.size()));
  const std::string_view set = equals == expression.npos ? "" : expression.substr(equals + 1);
  if (equals == expression.npos) return select_calls(expression);
  if (name == "trace" || name == "t") return select_calls(set);
  if (name == "status") return select_statuses(set);
  if (name == "fd" || name == "fds" || name == "trace-fd" || name == "trace-fds")
    return select_descriptors(set);
  select_calls(expression);
}

void Filter::select_calls(std::string_view set) {
  calls_ = selection(set, "system call", meaning_of_call);
}

void Filter::select_statuses(std::string_view set) {
  statuses_ = selection(set, "status", meaning_of_status);
}

void Filter::select_descriptors(std::string_view set) {
  descriptors_ = selection(set, "descriptor", meaning_of_number);
}

void Filter::add_path(std::string_view path) { paths_.emplace(path); }

bool Filter::matches(const Event& event, const SocketTable* sockets) const {
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call == nullptr) return true;
  if (!calls_.contains(static_cast<int>(call->number))) return false;
  if (!statuses_.contains(static_cast<int>(status_of(*call)))) return false;
  const bool any_object = descriptors_.everything() && paths_.empty();
  return any_object || matches_object(event, *call, sockets);
}

bool Filter::matches_object(const Event& event, const CallEvent& call,
                            const SocketTable* sockets) const {
  if (call.info == nullptr) return false;
  for (size_t i = 0; i < call.info->parameter_count; ++i) {
    if (matches_path(call, i)) return true;
    for (const int fd : descriptors_in(call, i))
      if (matches_descriptor(event, fd, sockets)) return true;
  }
  return false;
}

bool Filter::matches_descriptor(const Event& event, int fd, const SocketTable* sockets) const {
  if (fd < 0) return false;
  if (!descriptors_.everything() && descriptors_.contains(fd)) return true;
  if (paths_.empty() || sockets == nullptr) return false;
  const Socket* socket = sockets->find(event.process, event.tid, fd);
  return socket != nullptr && (is_selected_name(socket->local) || is_selected_name(socket->peer));
}

bool Filter::matches_path(const CallEvent& call, size_t parameter) const {
  if (paths_.empty()) return false;
  const auto blob = call.blobs.find(parameter);
  if (!blob) return false;
  const std::string_view name = call.info->parameters()[parameter].name;
  const ParameterKind kind = call.info->parameters()[parameter].kind;
  if (kind == ParameterKind::AddressIn || kind == ParameterKind::AddressOut)
    return is_selected_name(blob->bytes);
  const bool is_path = name == "pathname" || name == "path" || name == "file";
  return is_path && paths_.contains(text_of(blob->bytes));
}

bool Filter::is_selected_name(std::span<const std::byte> sockaddr) const {
  const std::string name = unix_name(sockaddr);
  return !name.empty() && paths_.contains(name);
}

}  // namespace wireseam
