// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/pcap_reader.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "common/error.h"
#include "inspector/capture/link_type.h"
#include "inspector/capture/pcap_format.h"

namespace wireseam {
namespace {

constexpr uint64_t kSecondNs = 1'000'000'000;

// libpcap takes the seconds of a pcap file, 32 bits without a sign, as signed.
uint64_t nanoseconds(const timeval& time) {
  // With the precision asked for tv_usec has nanoseconds.
  return static_cast<uint32_t>(time.tv_sec) * kSecondNs + static_cast<uint64_t>(time.tv_usec);
}

// Null with the reason.
PcapHandle open_capture(FileBytes& bytes, std::string& why) {
  FILE* stream = bytes.open_stream(sizeof(PcapFileHeader));
  if (stream == nullptr) {
    why = errno_text(errno);
    return nullptr;
  }
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  PcapHandle handle(
      pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, message.data()));
  if (handle) return handle;  // pcap_close closes the stream from now on
  static_cast<void>(std::fclose(stream));
  why = message.data();
  return nullptr;
}

// What a unit of the time's fraction is; 0 where records are not plain: another byte order, the
// versions of long ago.
uint64_t fraction_of(pcap* handle, uint32_t magic) {
  if (pcap_is_swapped(handle) != 0 || pcap_major_version(handle) != kPcapVersionMajor ||
      pcap_minor_version(handle) != kPcapVersionMinor)
    return 0;
  if (magic == kNanosecondsMagic) return 1;
  return magic == kMicrosecondsMagic ? 1000 : 0;
}

ReadEnd end_of(const std::string& why) {
  const bool is_cut = why.starts_with("truncated");
  return {is_cut ? ReadEnd::Kind::Cut : ReadEnd::Kind::Stuck, why};
}

}  // namespace

void PcapClose::operator()(pcap* handle) const { pcap_close(handle); }

PcapReader::PcapReader(FileBytes& bytes) : bytes_(bytes) {
  uint32_t magic = 0;
  const auto first = bytes.peek(sizeof magic);
  std::memcpy(&magic, first.data(), std::min(first.size(), sizeof magic));
  std::string why;
  handle_ = open_capture(bytes, why);
  if (!handle_) {
    end_ = end_of(why);
    return;
  }
  fraction_ns_ = fraction_of(handle_.get(), magic);
  most_captured_ = std::min(static_cast<uint32_t>(pcap_snapshot(handle_.get())), kMostCaptured);
  packet_.link_type = link_type_of(pcap_datalink(handle_.get()));
}

const RawPacket* PcapReader::next(FileGrowth growth) {
  if (fraction_ns_ != 0 && take_plain_record()) return &packet_;
  if (growth == FileGrowth::Growing) return nullptr;
  fraction_ns_ = 0;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int result = pcap_next_ex(handle_.get(), &header, &bytes);
  if (result == PCAP_ERROR) end_ = end_of(pcap_geterr(handle_.get()));
  if (result != 1) return nullptr;
  ++packet_.number;
  packet_.time_ns = nanoseconds(header->ts);
  packet_.wire_length = header->len;
  packet_.bytes = std::as_bytes(std::span(bytes, header->caplen));
  return &packet_;
}

// False where the next record is odd in any way, also cut: libpcap knows what to make of it, and
// reads alone from then on.
bool PcapReader::take_plain_record() {
  PcapRecordHeader header;
  auto next = bytes_.peek(sizeof header);
  if (next.size() < sizeof header) return false;
  std::memcpy(&header, next.data(), sizeof header);
  const uint64_t fraction_ns = header.fraction * fraction_ns_;
  if (header.captured > most_captured_ || fraction_ns >= kSecondNs) return false;
  const size_t size = sizeof header + header.captured;
  if (next.size() < size) next = bytes_.peek(size);
  if (next.size() < size) return false;
  bytes_.skip(size);
  ++packet_.number;
  packet_.time_ns = header.seconds * kSecondNs + fraction_ns;
  packet_.wire_length = header.wire_length;
  packet_.bytes = next.subspan(sizeof header, header.captured);
  return true;
}

}  // namespace wireseam
