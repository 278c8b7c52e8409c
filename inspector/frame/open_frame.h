// SPDX-License-Identifier: Apache-2.0
// A frame whose extent is known and whose end has not come yet. Of its body nothing is kept: it is
// only counted.
#pragma once

#include <vector>

#include "inspector/frame/window.h"

namespace wireseam {

class OpenFrame {
 public:
  OpenFrame(uint64_t begin, const FrameExtent& extent) : begin_(begin), extent_(extent) {}

  // The frame's next bytes, as far as they are its own, and what brought them.
  void append(const FramePart& part, Bytes bytes);
  // Bytes that the capture lacks; `carrier` is the packet that had them, if that is known.
  void skip(ByteRange missing, const FramePart* carrier);
  // What the last part stands for, beside itself.
  void count_merged(uint64_t parts) { parts_left_out_ += parts; }

  uint64_t begin() const { return begin_; }
  uint64_t end() const { return begin_ + extent_.size; }
  const FrameExtent& extent() const { return extent_; }
  // Live while the OpenFrame is. The number is not its affair.
  Frame frame() const;
  size_t memory() const;

 private:
  void add_part(const FramePart& part);

  uint64_t begin_;
  FrameExtent extent_;
  uint64_t missing_ = 0;
  uint64_t first_ns_ = UINT64_MAX;
  uint64_t last_ns_ = 0;
  uint64_t parts_left_out_ = 0;
  std::vector<std::byte> header_;
  std::vector<FramePart> parts_;
};

}  // namespace wireseam
