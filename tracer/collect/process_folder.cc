// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/process_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <climits>
#include <memory>
#include <sstream>

namespace wireseam {
namespace {

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

std::vector<std::string> numbers_of(Folder folder) {
  std::vector<std::string> names;
  if (!folder) return names;
  while (const dirent* entry = readdir(folder.get()))
    if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') names.emplace_back(entry->d_name);
  return names;
}

uint32_t number_of(const std::string& text) {
  uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string status_line(const std::string& status, const std::string& name) {
  const std::string start = "\n" + name + ":\t";
  const size_t at = status.find(start);
  if (at == status.npos) return {};
  const size_t begin = at + start.size();
  return status.substr(begin, status.find('\n', begin) - begin);
}

}  // namespace

ProcessFolder::ProcessFolder(uint32_t pid)
    : folder_(::open(("/proc/" + std::to_string(pid)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

Fd ProcessFolder::open(const std::string& name) const {
  return Fd(openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC));
}

std::string ProcessFolder::read(const std::string& name) const {
  const Fd file = open(name);
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(size));
  }
}

std::string ProcessFolder::status(const std::string& name) const {
  return status_line(read("status"), name);
}

std::vector<uint32_t> ProcessFolder::numbers(const std::string& status_file) const {
  std::istringstream line(status_line(read(status_file), "NSpid"));
  std::vector<uint32_t> numbers;
  for (uint32_t number = 0; line >> number;) numbers.push_back(number);
  return numbers;
}

std::vector<std::string> ProcessFolder::numbers_in(const std::string& name) const {
  const int fd = openat(folder_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return fd < 0 ? std::vector<std::string>() : numbers_of(Folder(fdopendir(fd), closedir));
}

std::string ProcessFolder::link(const std::string& name) const {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = readlinkat(folder_.get(), name.c_str(), target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<size_t>(size)) : std::string();
}

std::string ProcessFolder::attribute(const std::string& name, const char* attribute) const {
  const std::string path = "/proc/self/fd/" + std::to_string(folder_.get()) + "/" + name;
  std::array<char, 256> value{};
  const ssize_t size = getxattr(path.c_str(), attribute, value.data(), value.size());
  return size > 0 ? std::string(value.data(), static_cast<size_t>(size)) : std::string();
}

// The name in the second field may hold anything, also a parenthesis.
std::optional<uint64_t> ProcessFolder::stat_field(unsigned number) const {
  const std::string text = read("stat");
  const size_t name_end = text.rfind(") ");
  if (name_end == text.npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 2));
  std::string field;
  for (unsigned i = 3; i <= number; ++i)
    if (!(fields >> field)) return std::nullopt;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::vector<uint32_t> all_pids() {
  std::vector<uint32_t> pids;
  for (const std::string& name : numbers_of(Folder(opendir("/proc"), closedir)))
    pids.push_back(number_of(name));
  return pids;
}

}  // namespace wireseam
