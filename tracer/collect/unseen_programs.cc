// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/unseen_programs.h"

#include <algorithm>

#include "tracer/collect/region_users.h"
#include "tracer/collect/untraceable.h"
#include "tracer/trace/bytes.h"
#include "tracer/trace/event.h"

namespace wireseam {
namespace {

// A shim that was loaded asks for the region at once, and for a second at most.
constexpr std::chrono::seconds kLongestStart{3};

constexpr char kOutOfReach[] =
    "the shim is in its program but can't reach the trace (another user, or another /proc), so its "
    "calls are not seen";
constexpr char kFiltered[] =
    "a seccomp filter was set before its program was executed, which might kill it for a call of "
    "the shim's, so the shim keeps quiet and its calls are not seen; 'wireseam trace --via strace' "
    "shows them";
constexpr char kOutOfSight[] =
    "has threads, and its environment or root folder lacks what tracing needs, so what it starts "
    "by system or popen can't be followed";
constexpr char kEnded[] =
    "ended before its trace could begin: killed, without a library that it needs, or unable to "
    "reach the trace (another user, or another /proc or root folder)";
constexpr char kStdio[] =
    "reads or writes a socket by stdio (fdopen), for which libc makes system calls of its own that "
    "are not seen; 'wireseam trace --via strace' shows them";
constexpr char kLoadedApart[] =
    "loads a library whose calls pass by the shim (dlmopen, or RTLD_DEEPBIND), so they are not "
    "seen; 'wireseam trace --via strace' shows them";
constexpr char kUring[] =
    "has set up an io_uring: what the kernel does for it is not seen; "
    "'wireseam trace --via strace' shows its system calls";
constexpr char kLiburing[] =
    "has loaded liburing, which makes system calls of its own: "
    "what goes through an io_uring is not seen";

std::optional<Obstacle> obstacle_in(uint16_t flags) {
  if ((flags & kFlagNewStatic) != 0) return Obstacle::Static;
  if ((flags & kFlagNewForeign) != 0) return Obstacle::Foreign;
  if ((flags & kFlagNewPrivileged) != 0) return Obstacle::Privileged;
  if ((flags & kFlagNewGo) != 0) return Obstacle::Go;
  return std::nullopt;
}

// Of an exec or a spawn; the text is the program's own.
struct NewProgram {
  std::string name;
  std::optional<Obstacle> obstacle;

  std::string reason(Obstacle why) const { return name + " " + describe(why); }
};

std::string shown(std::span<const std::byte> bytes) {
  std::string text(text_of(bytes));
  text.resize(std::min(text.size(), text.find('\0')));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  return "'" + text + "'";
}

size_t name_parameter(CallNumber call) {
  const bool second = call == CallNumber::posix_spawn || call == CallNumber::posix_spawnp ||
                      call == CallNumber::execveat;
  return second ? 1 : 0;
}

uint16_t flags_of(std::span<const std::byte> call) {
  return read_at<uint16_t>(call, offsetof(CallRecord, flags)).value_or(0);
}

bool is_filtered(std::span<const std::byte> exec) { return (flags_of(exec) & kFlagFiltered) != 0; }

NewProgram new_program(std::span<const std::byte> record) {
  const auto call =
      read_at<CallNumber>(record, offsetof(CallRecord, call)).value_or(CallNumber::none);
  const auto name = Blobs(record.subspan(sizeof(CallRecord))).find(name_parameter(call));
  const bool is_named = name && name->readable() && !name->bytes.empty();
  return {is_named ? shown(name->bytes) : "its new program", obstacle_in(flags_of(record))};
}

}  // namespace

void UnseenPrograms::tell(uint32_t pid, const std::string& reason) {
  constexpr size_t kMost = 10'000;  // pids of children may be made up
  if (told_.size() >= kMost) return;
  if (told_.insert(pid).second && tell_) tell_(pid, reason, Sight::None);
}

void UnseenPrograms::tell_part(uint32_t pid, const char* reason) {
  if (told_parts_.insert({pid, reason}).second && tell_) tell_(pid, reason, Sight::Part);
}

bool UnseenPrograms::look_at_file(uint32_t pid) {
  const auto reason = why_ ? why_("/proc/" + std::to_string(pid) + "/exe") : std::nullopt;
  if (reason) tell(pid, *reason);
  return reason.has_value();
}

void UnseenPrograms::exec_runs(uint32_t pid, std::span<const std::byte> exec,
                               Clock::time_point now) {
  if (told_.contains(pid) || look_at_file(pid)) return;
  const bool has_shim_alone = look_for_region(pid, region_) == RegionUse::ShimAlone;
  if (!has_shim_alone) {
    without_.erase(pid);
    return;
  }
  if (is_filtered(exec)) return tell(pid, kFiltered);
  const auto [since, is_new] = without_.try_emplace(pid, now);
  if (now - since->second > kLongestStart) tell(pid, kOutOfReach);
}

void UnseenPrograms::exec_succeeded(uint32_t pid, std::span<const std::byte> exec) {
  const NewProgram program = new_program(exec);
  told_.erase(pid);
  without_.erase(pid);
  if (program.obstacle == Obstacle::Go) tell(pid, program.reason(Obstacle::Go));
}

void UnseenPrograms::exec_cut_off(uint32_t pid, std::span<const std::byte> exec) {
  if (is_filtered(exec)) return tell(pid, kFiltered);
  const NewProgram program = new_program(exec);
  tell(pid, program.obstacle ? program.reason(*program.obstacle) : program.name + " " + kEnded);
}

void UnseenPrograms::started(uint32_t pid) { look_at_file(pid); }

void UnseenPrograms::loaded(uint32_t pid, std::string_view path) {
  if (path.substr(path.rfind('/') + 1).starts_with("liburing.so")) tell_part(pid, kLiburing);
}

void UnseenPrograms::returned(uint32_t pid, std::span<const std::byte> call) {
  const auto number =
      read_at<CallNumber>(call, offsetof(CallRecord, call)).value_or(CallNumber::none);
  const auto result = read_at<int64_t>(call, offsetof(CallRecord, result)).value_or(0);
  if (number == CallNumber::fdopen && result != 0) tell_part(pid, kStdio);
  if (number == CallNumber::io_uring_setup && result >= 0) tell_part(pid, kUring);
  if (number == CallNumber::dlopen || number == CallNumber::dlmopen) tell_part(pid, kLoadedApart);
  if ((flags_of(call) & kFlagOutOfSight) != 0) return tell(pid, kOutOfSight);
  if (number != CallNumber::posix_spawn && number != CallNumber::posix_spawnp) return;
  if (result != 0) return;
  const NewProgram program = new_program(call);
  const auto child = Blobs(call.subspan(sizeof(CallRecord))).find(0);
  const auto child_pid = child ? read_at<int32_t>(child->bytes, 0) : std::nullopt;
  if (program.obstacle)
    tell(static_cast<uint32_t>(child_pid.value_or(0)), program.reason(*program.obstacle));
}

void UnseenPrograms::ended(uint32_t pid) {
  told_.erase(pid);
  told_parts_.erase(told_parts_.lower_bound({pid, nullptr}),
                    told_parts_.lower_bound({pid + 1, nullptr}));
  without_.erase(pid);
}

}  // namespace wireseam
