// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/web_request.h"

#include <algorithm>
#include <array>

namespace wireseam::samples {
namespace {

constexpr std::array<std::string_view, 10> kMethods{"GET",     "HEAD",  "POST",  "PUT", "DELETE",
                                                    "CONNECT", "TRACE", "PATCH", "PRI", "OPTIONS"};

std::string_view first_line(std::string_view bytes) {
  return bytes.substr(0, bytes.find_first_of("\r\n"));
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

}  // namespace

bool begins_like_http(std::string_view bytes) {
  const std::string_view line = first_line(bytes);
  const size_t method_end = line.find(' ');
  if (method_end == line.npos) return false;
  const std::string_view method = line.substr(0, method_end);
  const std::string_view rest = line.substr(method_end + 1);
  if (method.empty() || !std::ranges::all_of(method, is_upper)) return false;
  if (rest.find(" HTTP/") != rest.npos) return true;
  const bool is_target = rest.starts_with('/') || rest.starts_with('*') || rest.starts_with("http");
  return is_target && std::ranges::find(kMethods, method) != kMethods.end();
}

bool begins_with_header_field(std::string_view bytes) {
  const std::string_view line = first_line(bytes);
  const size_t colon = line.find(':');
  if (colon == line.npos || colon == 0 || !is_letter(line.front())) return false;
  const std::string_view value = line.substr(colon + 1);
  return std::ranges::all_of(line.substr(0, colon), is_name) &&
         (value.empty() || value.front() == ' ' || value.front() == '\t');
}

}  // namespace wireseam::samples
