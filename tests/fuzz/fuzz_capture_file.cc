// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as a capture file, and decodes its packets.
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "common/error.h"
#include "common/fd.h"
#include "inspector/capture/capture_file.h"
#include "inspector/decode/decoder.h"
#include "tests/fuzz/fuzz.h"

using namespace wireseam;

namespace {

void read_all(CaptureFile& file) {
  Decoder decoder;
  uint64_t number = 0;
  while (const RawPacket* packet = file.next()) {
    // Some blocks of pcapng count as packets and are none.
    require(packet->number > std::exchange(number, packet->number), "packets' numbers rise");
    require(packet->bytes.size() <= 262144 * 4, "a packet has a bound");
    decoder.decode(*packet);
  }
  require(file.ended(), "without a packet a file is at its end");
  require(file.next() == nullptr, "an end is final");
  require(file.progress().read <= file.progress().size, "no more is read than there is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const Fd memory(memfd_create("capture", MFD_CLOEXEC));
  require(write(memory.get(), input, size) == static_cast<ssize_t>(size), "a file can be made");
  try {
    const std::string path = "/proc/self/fd/" + std::to_string(memory.get());
    CaptureFile file(path);
    read_all(file);
    CaptureFile filtered(path, "tcp port 80");
    while (filtered.next() != nullptr) continue;
    require(filtered.ended(), "a filter changes nothing about the end");
  } catch (const Error&) {
    return 0;  // no capture file
  }
  return 0;
}
