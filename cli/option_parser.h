// SPDX-License-Identifier: Apache-2.0
// A verb's options: each is declared with what is to be done when it is given. The only place that
// knows CLI11.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace wireseam {

class OptionParser {
 public:
  // `usage` is what stands behind "usage: wireseam " in the help.
  explicit OptionParser(std::string usage);
  ~OptionParser();

  // The options that follow are listed under that head.
  void group(const std::string& name);

  // `names` are "-s,--long", either or both. Actions run at the end of parse(), in the order of
  // their declaration.
  void flag(const std::string& names, const std::string& help, std::function<void()> action);

  // Once for each time that it is given: what stands behind '=', or "". So -tt is -t twice.
  void level(const std::string& names, const std::string& value, const std::string& help,
             std::function<void(const std::string&)> action);

  // Once for each time that it was given; `value` is how the help calls its argument.
  void text(const std::string& names, const std::string& value, const std::string& help,
            std::function<void(const std::string&)> action);

  // A number from 0 to `max`; the last one counts.
  void number(const std::string& names, const std::string& help, uint64_t max,
              std::function<void(uint64_t)> action);

  // One of the words, by its place among them; the last one counts.
  void choice(const std::string& names, std::vector<std::string> words, const std::string& help,
              std::function<void(size_t)> action);

  // An option that strace has and that changes nothing; the help doesn't list it.
  void ignore(const std::string& names);

  // An option that strace has and that is not there; the help doesn't list it.
  void refuse(const std::string& names, const std::string& why);

  // Parses the options at the beginning. Returns what follows them, from the first that is no
  // option on; a "--" between the two is left out. Throws UsageError, and HelpRequest for --help.
  std::vector<std::string> parse(std::span<char* const> arguments);

  // Parses options that may stand before, between and behind the operands; returns those. Behind a
  // "--" all are operands.
  std::vector<std::string> parse_mixed(std::span<char* const> arguments);

 private:
  void run(std::span<char* const> arguments);
  [[noreturn]] void reject(const std::string& argument) const;

  std::unique_ptr<CLI::App> app_;
};

// How messages name an option that is declared as "-s,--long": "-s/--long".
std::string readable_name(const std::string& names);

// A word's place among others. Throws UsageError: "--as takes libc or syscall, not 'x'".
size_t find_choice(const std::string& option, std::span<const std::string> words,
                   const std::string& word);

// A decimal number from 0 to `max`. Throws UsageError.
uint64_t parse_number(const std::string& option, const std::string& text, uint64_t max);

}  // namespace wireseam
