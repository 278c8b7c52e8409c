// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_file.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "common/error.h"

namespace wireseam {
namespace {

constexpr size_t kReadSize = size_t{64} << 10;
constexpr size_t kLongestLine = size_t{1} << 20;

}  // namespace

LogFile::LogFile(Fd file, std::string name, std::string begun)
    : file_(std::move(file)),
      name_(std::move(name)),
      buffer_(std::move(begun)),
      begun_(!buffer_.empty()) {}

bool LogFile::read(const std::function<void(std::string_view line)>& take) {
  const size_t old_size = buffer_.size();
  buffer_.resize(old_size + kReadSize);
  ssize_t count = 0;
  do {
    count = ::read(file_.get(), buffer_.data() + old_size, kReadSize);
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw Error("cannot read", name_, errno);
  buffer_.resize(old_size + static_cast<size_t>(count));
  const std::string_view text = buffer_;
  size_t begin = 0;
  for (size_t end = text.find('\n', std::exchange(begun_, false) ? 0 : old_size); end != text.npos;
       end = text.find('\n', begin)) {
    take(text.substr(begin, end - begin));
    begin = end + 1;
  }
  const bool at_end = count == 0;
  const bool too_long = text.size() - begin > kLongestLine;
  if ((at_end || too_long) && begin < text.size()) {
    take(text.substr(begin));
    begin = text.size();
  }
  buffer_.erase(0, begin);
  return !at_end;
}

}  // namespace wireseam
