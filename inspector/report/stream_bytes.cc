// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/stream_bytes.h"

#include <algorithm>

#include "common/count_text.h"
#include "common/escape.h"

namespace wireseam {
namespace {

// Lines stay lines.
void append_lines(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const size_t line = std::min(text.find('\n'), text.size());
    append_escaped(out, text.substr(0, line));
    if (line < text.size()) out += '\n';
    text.remove_prefix(std::min(line + 1, text.size()));
  }
}

}  // namespace

bool StreamBytes::is_chosen(const Connection& connection, Direction direction) const {
  return connection.id == choice_.connection && direction == choice_.direction.value_or(direction);
}

void StreamBytes::begun(const Connection& connection) {
  if (connection.id == choice_.connection) found_ = true;
}

void StreamBytes::data(const Connection& connection, Direction direction,
                       const StreamPiece& piece) {
  if (!is_chosen(connection, direction)) return;
  missing_ += piece.range.size() - piece.bytes.size();
  const std::string_view bytes(reinterpret_cast<const char*>(piece.bytes.data()),
                               piece.bytes.size());
  if (form_ == ByteForm::Raw)
    text_ += bytes;
  else
    append_lines(text_, bytes);
}

void StreamBytes::gap(const Connection& connection, Direction direction, ByteRange missing) {
  if (is_chosen(connection, direction)) missing_ += missing.size();
}

void StreamBytes::ended(const Connection& connection, const ConnectionFrames* /*frames*/,
                        EndReason /*reason*/) {
  for (const Direction direction : {Direction::ToServer, Direction::ToClient})
    if (is_chosen(connection, direction))
      late_ += connection.half(direction).incidents->bytes_before_axis;
}

std::string StreamBytes::flaw() const {
  if (missing_ == 0 && late_ > 0)
    return "of connection " + std::to_string(choice_.connection) + " " + count_text(late_, "byte") +
           " from before the first one captured came late, and are left out";
  if (missing_ == 0) return "";
  return "of connection " + std::to_string(choice_.connection) + " " +
         count_text(missing_, "byte") + (missing_ == 1 ? " was" : " were") + " not captured";
}

std::string StreamBytes::failure() const {
  if (found_) return "";
  return "there is no connection " + std::to_string(choice_.connection) + " in the capture";
}

}  // namespace wireseam
