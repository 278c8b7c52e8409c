// SPDX-License-Identifier: Apache-2.0
#include "cli/option_parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>

#include "cli/command_line.h"

namespace wireseam {
namespace {

// Names and arguments only, without CLI11's types and defaults.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) { column_width(34); }

  std::string make_usage(const CLI::App*, std::string) const override {
    return "usage: wireseam " + usage_ + "\n";
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string value = option->get_type_name();
    return (value.empty() || value.front() == '[' ? "" : " ") + value;
  }

 private:
  std::string usage_;
};

// What CLI11 gives a flag that has no value.
constexpr std::string_view kFlagGiven = "true";

std::vector<std::string> long_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

// "libc, syscall or x".
std::string listed(std::span<const std::string> words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "|") + word;
  return text;
}

}  // namespace

OptionParser::OptionParser(std::string usage) : app_(std::make_unique<CLI::App>()) {
  app_->formatter(std::make_shared<HelpFormatter>(std::move(usage)));
  app_->prefix_command();
  app_->set_help_flag();
}

OptionParser::~OptionParser() = default;

void OptionParser::group(const std::string& name) { app_->option_defaults()->group(name); }

void OptionParser::flag(const std::string& names, const std::string& help,
                        std::function<void()> action) {
  app_->add_flag_callback(names, std::move(action), help);
}

void OptionParser::level(const std::string& names, const std::string& value,
                         const std::string& help, std::function<void(const std::string&)> action) {
  const auto each = [action = std::move(action)](const std::string& given) {
    action(given == kFlagGiven ? "" : given);
  };
  app_->add_flag(names, help)->each(each)->type_name(value);
}

void OptionParser::text(const std::string& names, const std::string& value, const std::string& help,
                        std::function<void(const std::string&)> action) {
  const auto each = [action = std::move(action)](const std::vector<std::string>& values) {
    for (const std::string& given : values) action(given);
  };
  app_->add_option_function<std::vector<std::string>>(names, each, help)
      ->allow_extra_args(false)
      ->type_name(value);
}

void OptionParser::number(const std::string& names, const std::string& help, uint64_t max,
                          std::function<void(uint64_t)> action) {
  text(names, "N", help, [=, option = readable_name(names)](const std::string& given) {
    action(parse_number(option, given, max));
  });
}

void OptionParser::choice(const std::string& names, std::vector<std::string> words,
                          const std::string& help, std::function<void(size_t)> action) {
  const std::string value = joined(words);
  text(names, value, help,
       [words = std::move(words), action = std::move(action), option = readable_name(names)](
           const std::string& given) { action(find_choice(option, words, given)); });
}

void OptionParser::ignore(const std::string& names) { app_->add_flag(names)->group(""); }

void OptionParser::refuse(const std::string& names, const std::string& why) {
  const auto refuse_it = [=, option = readable_name(names)](const std::string&) {
    throw UsageError("there is no " + option + " here: " + why);
  };
  app_->add_flag(names)->each(refuse_it)->group("");
}

void OptionParser::run(std::span<char* const> arguments) {
  // CLI11 wants them in reverse.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app_->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    throw HelpRequest{app_->help()};
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string message = error.what();
    throw UsageError("option '" + message.substr(0, message.find(':')) + "' needs an argument");
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {  // an action's: what it was given has no meaning
    throw UsageError(error.what());
  } catch (const std::invalid_argument&) {
    // CLI11 2.1 lets this one of std::stoll out for a flag with a strange value.
    throw UsageError("an option that takes no argument was given one");
  }
}

void OptionParser::reject(const std::string& argument) const {
  const std::string name = argument.substr(0, argument.find('='));
  throw UsageError("unknown option '" + name + "'" + suggestion(name, long_names(*app_)));
}

std::vector<std::string> OptionParser::parse(std::span<char* const> arguments) {
  app_->set_help_flag("-h,--help", "Print this help")->group("Other");
  run(arguments);
  std::vector<std::string> rest = app_->remaining();
  if (rest.empty()) return rest;
  if (rest.front() == "--")
    rest.erase(rest.begin());
  else if (rest.front().starts_with('-') && rest.front() != "-")
    reject(rest.front());
  return rest;
}

std::vector<std::string> OptionParser::parse_mixed(std::span<char* const> arguments) {
  std::vector<std::string> operands;
  while (true) {
    std::vector<std::string> rest = parse(arguments);
    if (rest.empty()) return operands;
    const size_t before = arguments.size() - rest.size();
    if (before > 0 && std::string_view(arguments[before - 1]) == "--") {
      operands.insert(operands.end(), rest.begin(), rest.end());
      return operands;
    }
    operands.push_back(std::move(rest.front()));
    arguments = arguments.subspan(before + 1);
  }
}

std::string readable_name(const std::string& names) {
  std::string text = names;
  std::ranges::replace(text, ',', '/');
  return text;
}

size_t find_choice(const std::string& option, std::span<const std::string> words,
                   const std::string& word) {
  for (size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) return i;
  throw UsageError(option + " takes " + listed(words) + ", not '" + word + "'" +
                   suggestion(word, words));
}

uint64_t parse_number(const std::string& option, const std::string& text, uint64_t max) {
  uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end || number > max)
    throw UsageError(option + " takes a number from 0 to " + std::to_string(max) + ", not '" +
                     text + "'");
  return number;
}

}  // namespace wireseam
