// SPDX-License-Identifier: Apache-2.0
// A framing's name never begins with a digit, so a text that does is about a port.
#include "inspector/frame/framing_rules.h"

#include <charconv>
#include <string>

#include "common/error.h"

namespace wireseam {
namespace {

[[noreturn]] void fail(std::string_view text, const std::string& reason) {
  throw Error("framing '" + std::string(text) + "': " + reason);
}

uint16_t parse_port(std::string_view text, std::string_view port) {
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0)
    fail(text, "'" + std::string(port) + "' is no port: a number from 1 to 65535");
  return number;
}

FramingRule parse_rule(std::string_view name) {
  for (const bool to_server : {true, false}) {
    const std::string_view suffix = to_server ? ":to-server" : ":to-client";
    if (!name.ends_with(suffix)) continue;
    name.remove_suffix(suffix.size());
    return {parse_framing(name), {to_server, !to_server}};
  }
  return {parse_framing(name)};
}

}  // namespace

void FramingRules::add(std::string_view text) {
  constexpr uint16_t kAllPorts = 0;
  uint16_t port = kAllPorts;
  std::string_view name = text;
  if (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) fail(text, "a port is followed by '=' and a framing");
    port = parse_port(text, text.substr(0, equals));
    name.remove_prefix(equals + 1);
  }
  const auto rule = name == "auto" ? std::nullopt : std::optional(parse_rule(name));
  if (by_port_.emplace(port, rule).second) return;
  fail(text, port == kAllPorts
                 ? "there is a framing for all ports already"
                 : "there is a framing for port " + std::to_string(port) + " already");
}

const FramingRule* FramingRules::find(uint16_t client_port, uint16_t server_port) const {
  for (const uint16_t port : {server_port, client_port, uint16_t{0}}) {
    const auto found = by_port_.find(port);
    if (found != by_port_.end()) return found->second ? &*found->second : nullptr;
  }
  return nullptr;
}

}  // namespace wireseam
