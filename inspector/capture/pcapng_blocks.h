// SPDX-License-Identifier: Apache-2.0
// Cuts a pcapng file into its blocks. Knows sections and their byte order, nothing of what else
// blocks mean but which of them are looked into: of the others not even the bytes are kept, so they
// may have any length.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "inspector/capture/file_bytes.h"
#include "inspector/capture/packet_reader.h"
#include "inspector/capture/pcapng_fields.h"
#include "inspector/capture/pcapng_format.h"

namespace wireseam {

struct PcapngBlock {
  PcapngBlockType type{};  // may be none of those that have a name
  uint32_t size = 0;       // with head and tail
  uint64_t offset = 0;     // in the file
  PcapngFields body;       // empty for what is not looked into
};

class PcapngBlocks {
 public:
  // `bytes` must remain live while this is in use.
  explicit PcapngBlocks(FileBytes& bytes) : bytes_(bytes) {}

  // The next one, live until the next call. nullptr at the end.
  const PcapngBlock* next();

  // Whether the next one is there as a whole, so that next() need not wait for a pipe.
  bool is_next_there() const;

  // The last block contradicts itself or others: none comes any more. `why` goes on from its name.
  void reject(const std::string& why);

  const ReadEnd& end() const { return end_; }

 private:
  bool begin(std::span<const std::byte> head);
  bool take_byte_order(std::span<const std::byte> head);
  bool load_body();
  bool pass_over();
  bool check_tail(uint32_t size);
  void break_off(uint64_t have);
  std::string name() const;

  FileBytes& bytes_;
  std::endian order_ = std::endian::native;
  PcapngBlock block_;
  bool ended_ = false;
  ReadEnd end_;
};

}  // namespace wireseam
