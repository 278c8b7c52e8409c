// SPDX-License-Identifier: Apache-2.0
// A command line as main gets it.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace wireseam {

class Arguments {
 public:
  Arguments(std::initializer_list<std::string> words) : words_(words) {
    for (std::string& word : words_) pointers_.push_back(word.data());
  }

  std::span<char* const> span() const { return pointers_; }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
};

}  // namespace wireseam
