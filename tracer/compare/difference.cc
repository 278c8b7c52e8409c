// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/difference.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tracer/compare/call_fit.h"
#include "tracer/compare/log_call.h"
#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

constexpr uint64_t kGetOwnerEx = 16;  // F_GETOWN_EX

struct Phrase {
  CallNumber call;
  std::string_view words;
};

// Functions that are a system call by another name, or with more arguments.
constexpr Phrase kOtherForms[] = {
    {CallNumber::send, "send is sendto without an address"},
    {CallNumber::recv, "recv is recvfrom without an address"},
    {CallNumber::select, "select is pselect6 without a signal mask"},
    {CallNumber::pselect, "pselect is pselect6 with the size of the mask"},
    {CallNumber::ppoll, "libc adds the size of the signal mask"},
    {CallNumber::epoll_pwait, "libc adds the size of the signal mask"},
    {CallNumber::epoll_pwait2, "libc adds the size of the signal mask"},
    {CallNumber::closefrom, "closefrom is close_range without an end"},
    {CallNumber::exit, "exit is exit_group: it ends all threads"},
    {CallNumber::fork, "fork is clone that shares nothing"},
    {CallNumber::posix_spawn, "posix_spawn is a clone like vfork, and execve in the child"},
    {CallNumber::posix_spawnp, "posix_spawnp is a clone like vfork, and execve in the child"},
    {CallNumber::fexecve, "fexecve is execveat without a path"},
    {CallNumber::execv, "execv is execve with the program's own environment"},
    {CallNumber::execvp, "execvp is execve in each folder of PATH"},
    {CallNumber::execvpe, "execvpe is execve in each folder of PATH"},
    {CallNumber::execl, "execl is execve with its arguments in an array"},
    {CallNumber::execlp, "execlp is execve in each folder of PATH"},
    {CallNumber::execle, "execle is execve with its arguments in an array"},
};

// Functions that make system calls for a purpose of their own.
constexpr Phrase kPurposes[] = {
    {CallNumber::getaddrinfo, "name resolution"},
    {CallNumber::gethostbyname, "name resolution"},
    {CallNumber::gethostbyname2, "name resolution"},
    {CallNumber::gethostbyname_r, "name resolution"},
    {CallNumber::gethostbyname2_r, "name resolution"},
    {CallNumber::fdopen, "fdopen"},
    {CallNumber::fclose, "fclose"},
    {CallNumber::freopen, "freopen"},
    {CallNumber::closefrom, "closefrom"},
    {CallNumber::posix_spawn, "posix_spawn"},
    {CallNumber::posix_spawnp, "posix_spawnp"},
    {CallNumber::system, "system"},
    {CallNumber::popen, "popen"},
    {CallNumber::dlopen, "dlopen"},
    {CallNumber::dlmopen, "dlmopen"},
};

template <size_t kSize>
std::string_view phrase(const Phrase (&phrases)[kSize], CallNumber call) {
  const auto* found = std::ranges::find(phrases, call, &Phrase::call);
  return found != std::end(phrases) ? found->words : std::string_view();
}

// Trees -------------------------------------------------------------------------------------------

bool agree(const LogValue& one, const LogValue& other);

bool is_pointer(const LogValue& value) {
  return value.kind == LogValue::Kind::Word && value.word.starts_with("0x") &&
         value.comment.empty();
}

// pselect6 without a mask: {sigmask=NULL, sigsetsize=8}, or NULL.
bool is_no_mask(const LogValue& one, const LogValue& other) {
  const LogValue* mask = one.field("sigmask");
  return mask != nullptr && mask->is_null() && other.is_null();
}

bool strings_agree(const LogValue& one, const LogValue& other) {
  const size_t common = std::min(one.bytes.size(), other.bytes.size());
  const bool whole = !one.cut && !other.cut;
  if (whole && one.bytes.size() != other.bytes.size()) return false;
  return one.bytes.compare(0, common, other.bytes, 0, common) == 0;
}

bool words_agree(const LogValue& one, const LogValue& other) {
  if (one.word == other.word) return true;
  // The kernel's names of SO_RCVTIMEO, SO_SNDTIMEO and others.
  constexpr std::string_view kOld = "_OLD";
  if (other.word.ends_with(kOld) &&
      other.word.substr(0, other.word.size() - kOld.size()) == one.word)
    return true;
  const auto number = number_of(one.word);
  return number && number == number_of(other.word);
}

bool items_agree(const LogValue& one, const LogValue& other) {
  const size_t common = std::min(one.items.size(), other.items.size());
  if (!one.cut && !other.cut && one.items.size() != other.items.size()) return false;
  for (size_t i = 0; i < common; ++i)
    if (!agree(one.items[i], other.items[i])) return false;
  return true;
}

bool agree(const LogValue& one, const LogValue& other) {
  if (one.kind != other.kind) return is_pointer(one) || is_pointer(other) || is_no_mask(one, other);
  switch (one.kind) {
    case LogValue::Kind::String:
      return strings_agree(one, other);
    case LogValue::Kind::Word:
      return words_agree(one, other) || (is_pointer(one) && is_pointer(other));
    case LogValue::Kind::Struct:
    case LogValue::Kind::Array:
    case LogValue::Kind::Call:
      return one.word == other.word && items_agree(one, other);
  }
  return false;
}

// Results -----------------------------------------------------------------------------------------

std::string interruptions(std::span<const ComparedCall* const> syscalls) {
  const auto count = std::ranges::count_if(
      syscalls, [](const ComparedCall* syscall) { return is_restart(*syscall); });
  if (count == 0) return {};
  return count == 1 ? "interrupted and restarted" : fmt::format("restarted {} times", count);
}

// Why the results are not the same, where that can be known.
Difference of_results(const ComparedCall& libc, const ComparedCall& last) {
  const bool unfinished = libc.state != CallState::Returned;
  if (unfinished && is_restart(last))
    return {Verdict::Different, "its thread ended, or left it, when a signal came"};
  if (unfinished && last.state == CallState::Returned)
    return {Verdict::Different, "its thread ended, or left it, before libc returned"};
  return {Verdict::Unexplained, "the results differ"};
}

bool compares_arguments(const ComparedCall& libc) {
  const CallNumber call = libc.info->number;
  // What a call would have filled is known of neither side.
  if (libc.state != CallState::Returned) return false;
  return !libc.info->syscall.starts_with("exec") && libc.info->result != ResultKind::Pid &&
         libc.info->result != ResultKind::SpawnStatus && call != CallNumber::exit;
}

// A process group's negative number looks like an error, so glibc asks in another way.
bool asks_for_owner(const ComparedCall& libc, const ComparedCall& last) {
  return libc.info->number == CallNumber::fcntl && libc.arguments[1] == F_GETOWN &&
         last.arguments[1] == kGetOwnerEx && libc.errnum == last.errnum;
}

void join(std::string& words, std::string_view more) {
  if (more.empty()) return;
  if (!words.empty()) words += "; ";
  words += more;
}

}  // namespace

bool same_arguments(std::string_view one, std::string_view other) {
  if (one == other) return true;
  const auto parse = [](std::string_view text) {
    return parse_log_call(text.substr(std::min(text.find('(') + 1, text.size())));
  };
  const auto first = parse(one);
  const auto second = parse(other);
  if (!first || !second) return false;
  return std::ranges::equal(first->arguments, second->arguments, agree);
}

std::string_view purpose_inside(const CallInfo& call) { return phrase(kPurposes, call.number); }

Difference difference(const ComparedCall& libc, std::span<const ComparedCall* const> syscalls) {
  const ComparedCall& last = *syscalls.back();
  if (asks_for_owner(libc, last))
    return {Verdict::Different, "F_GETOWN is F_GETOWN_EX: the number of a group is no error"};
  std::string words(phrase(kOtherForms, libc.info->number));
  if (!is_same_call(libc, last) ||
      (compares_arguments(libc) && !same_arguments(libc.syscall, last.text))) {
    join(words, "the arguments differ");
    return {Verdict::Unexplained, words};
  }
  join(words, syscalls.size() > 1 ? interruptions(syscalls) : std::string());
  if (!results_agree(libc, last)) {
    const Difference results = of_results(libc, last);
    join(words, results.words);
    return {results.verdict, words};
  }
  if (is_restart(last)) join(words, "interrupted by a signal");
  if (words.empty()) return {};
  return {Verdict::Different, words};
}

}  // namespace wireseam
