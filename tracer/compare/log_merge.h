// SPDX-License-Identifier: Apache-2.0
// Several files of one run (strace -ff -o LOG makes a LOG.TID for each thread) as the one log that
// they would have been: in the order of the lines' times, as far as they have any.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wireseam {

// The thread that such a file's name tells: 1234 of "log.1234".
std::optional<uint32_t> thread_of_file(std::string_view name);

class LogMerge {
 public:
  // The whole text of a file; `tid` is whose lines they are where they don't say so themselves.
  void add(std::string text, std::optional<uint32_t> tid);

  using Take = std::function<void(std::string_view line, std::optional<uint32_t> tid)>;
  void read(const Take& take);

 private:
  struct File {
    std::string text;
    std::optional<uint32_t> tid;
    size_t at = 0;
    uint64_t time = 0;  // of the line at hand

    std::string_view line() const;
    bool next();
    void look();
  };

  std::vector<File> files_;
};

}  // namespace wireseam
