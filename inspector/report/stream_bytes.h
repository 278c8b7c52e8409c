// SPDX-License-Identifier: Apache-2.0
// The bytes of one connection as they are, in the order in which they could be read.
#pragma once

#include <cstdint>
#include <optional>

#include "inspector/report/printer.h"

namespace wireseam {

// Which connection, and which of its directions: both where none is said.
struct StreamChoice {
  uint64_t connection = 0;
  std::optional<Direction> direction;
};

// Whether bytes may go out as they are, or to a terminal.
enum class ByteForm : uint8_t { Raw, Escaped };

class StreamBytes final : public ReportPrinter {
 public:
  StreamBytes(const StreamChoice& choice, ByteForm form) : choice_(choice), form_(form) {}

  void begun(const Connection& connection) override;
  void data(const Connection& connection, Direction direction, const StreamPiece& piece) override;
  void gap(const Connection& connection, Direction direction, ByteRange missing) override;

  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override;

  // That there was no such connection, or that the capture lacks some of its bytes.
  std::string flaw() const override;
  std::string failure() const override;

 private:
  bool is_chosen(const Connection& connection, Direction direction) const;

  StreamChoice choice_;
  ByteForm form_;
  bool found_ = false;
  uint64_t missing_ = 0;
  uint64_t late_ = 0;  // came when what is behind them was told already
};

}  // namespace wireseam
