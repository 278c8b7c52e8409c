// SPDX-License-Identifier: Apache-2.0
// Character encodings by iconv(3).
#include "samples/exec/transcoder.h"

#include <fmt/format.h>
#include <langinfo.h>

#include <cerrno>
#include <clocale>
#include <cstdint>

#include "samples/program.h"

namespace wireseam::samples {
namespace {

constexpr auto kFailed = static_cast<size_t>(-1);

// The unread rest of the input, as iconv(3) moves it on.
struct Input {
  char* next = nullptr;
  size_t left = 0;
};

// One call of iconv(3), which stops where the buffer is full too; appends what came out. Returns
// errno's value, or 0 when all the input is converted.
int convert_some(iconv_t conversion, Input& input, std::string& text) {
  char buffer[4096];
  char* out = buffer;
  size_t room = sizeof buffer;
  const size_t result = iconv(conversion, &input.next, &input.left, &out, &room);
  const int errnum = result == kFailed ? errno : 0;
  text.append(buffer, sizeof buffer - room);
  return errnum;
}

}  // namespace

Transcoder::Transcoder(const std::string& from, const std::string& to)
    : conversion_(iconv_open(to.c_str(), from.c_str())) {
  // iconv_open(3) returns (iconv_t)-1 where it fails.
  if (reinterpret_cast<intptr_t>(conversion_) == -1)
    throw UsageError(fmt::format("cannot convert '{}' to '{}' (see iconv --list)", from, to));
}

Transcoder::~Transcoder() { iconv_close(conversion_); }

std::string Transcoder::convert(std::string_view piece) {
  pending_ += piece;
  Input input{pending_.data(), pending_.size()};
  std::string text;
  for (int errnum = E2BIG; errnum == E2BIG;) {
    errnum = convert_some(conversion_, input, text);
    if (errnum != EILSEQ) continue;
    text += '?';
    ++input.next;
    --input.left;
    errnum = E2BIG;
  }
  // What is left is the beginning of a character (EINVAL).
  pending_.erase(0, pending_.size() - input.left);
  return text;
}

std::string Transcoder::finish() {
  std::string text = pending_.empty() ? "" : "?";
  pending_.clear();
  Input nothing;  // asks for the way back to the initial shift state
  convert_some(conversion_, nothing, text);
  return text;
}

std::string terminal_encoding() {
  std::setlocale(LC_CTYPE, "");
  const std::string codeset = nl_langinfo(CODESET);
  return codeset == "ANSI_X3.4-1968" ? "UTF-8" : codeset;
}

}  // namespace wireseam::samples
