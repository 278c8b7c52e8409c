// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/capture_file.h"

#include <fcntl.h>
#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "common/error.h"
#include "inspector/capture/pcap_format.h"

namespace wireseam {
namespace {

constexpr uint64_t kSecondNs = 1'000'000'000;

Fd open_file(const std::string& path) {
  if (path == "-" && isatty(STDIN_FILENO) == 1)
    throw Error("cannot read a capture from standard input: it is a terminal")
        .with_cure("tcpdump -i lo -U -w - | wireseam inspect -");
  Fd file(path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                      : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw Error("cannot open capture", path, errno);
  return file;
}

// Zero for what has none: a pipe.
uint64_t size_of(int file) {
  struct stat status {};
  const bool has_size = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  return has_size ? static_cast<uint64_t>(status.st_size) : 0;
}

// Up to four, which stay to be read.
std::string first_bytes(FileBytes& bytes, const std::string& path) {
  const auto next = bytes.peek(4);
  if (next.size() < 4 && bytes.errnum() != 0)
    throw Error("cannot read capture", path, bytes.errnum());
  return {reinterpret_cast<const char*>(next.data()), std::min<size_t>(next.size(), 4)};
}

bool is_compressed(const std::string& begin) {
  return begin.starts_with("\x1f\x8b") || begin == "\x28\xb5\x2f\xfd" ||  // gzip, Zstandard
         begin.starts_with("BZh") || begin == "\xfd\x37zX";               // bzip2, xz
}

Error no_capture(const std::string& name, const std::string& begin, const char* why) {
  Error error(name + " is no capture file: " + (begin.empty() ? "it is empty" : why));
  return std::move(error).with_cure(is_compressed(begin)
                                        ? "it is compressed: bsdcat FILE | wireseam inspect -"
                                        : "pcap and pcapng can be read");
}

// libpcap takes the seconds of a pcap file, 32 bits without a sign, as signed. Times that are
// beyond 64 bits of nanoseconds are the last one that is not (in 2262).
uint64_t nanoseconds(const timeval& time) {
  constexpr auto kSecond = static_cast<int64_t>(kSecondNs);
  int64_t seconds = time.tv_sec;
  if (seconds < 0 && seconds >= INT32_MIN) seconds += int64_t{1} << 32;
  seconds = std::clamp<int64_t>(seconds, 0, INT64_MAX / kSecond - 1);
  // With the precision asked for tv_usec has nanoseconds.
  return static_cast<uint64_t>(seconds * kSecond + time.tv_usec);
}

PcapHandle open_capture(FileBytes& bytes, const std::string& path, const std::string& name,
                        const std::string& begin) {
  FILE* stream = bytes.open_stream(sizeof(PcapFileHeader));
  if (stream == nullptr) throw Error("cannot read capture", path, errno);
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  PcapHandle handle(
      pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why.data()));
  if (handle) return handle;  // pcap_close closes the stream from now on
  static_cast<void>(std::fclose(stream));
  throw no_capture(name, begin, why.data());
}

// What a unit of the time's fraction is; 0 where records are not plain: pcapng, another byte order,
// the versions of long ago.
uint64_t fraction_of(pcap* handle, const std::string& begin) {
  if (pcap_is_swapped(handle) != 0 || pcap_major_version(handle) != kPcapVersionMajor ||
      pcap_minor_version(handle) != kPcapVersionMinor)
    return 0;
  uint32_t magic = 0;
  std::memcpy(&magic, begin.data(), std::min(begin.size(), sizeof magic));
  if (magic == kNanosecondsMagic) return 1;
  return magic == kMicrosecondsMagic ? 1000 : 0;
}

}  // namespace

void PcapClose::operator()(pcap* handle) const { pcap_close(handle); }

CaptureFile::CaptureFile(const std::string& path, const std::string& filter)
    : name_(path == "-" ? "standard input" : "'" + path + "'"), bytes_(open_file(path)) {
  begin(path);
  if (!filter.empty()) filter_.emplace(handle_.get(), filter);
}

CaptureFile::CaptureFile(Fd file, const std::string& name)
    : name_("'" + name + "'"), bytes_(std::move(file)) {
  begin(name);
}

void CaptureFile::begin(const std::string& path) {
  size_ = size_of(bytes_.fd());
  const std::string first = first_bytes(bytes_, path);
  handle_ = open_capture(bytes_, path, name_, first);
  fraction_ns_ = fraction_of(handle_.get(), first);
  most_captured_ = std::min(static_cast<uint32_t>(pcap_snapshot(handle_.get())), kMostCaptured);
  packet_.link_type = static_cast<uint32_t>(pcap_datalink(handle_.get()));
}

const RawPacket* CaptureFile::next() {
  while (!ended_ && read()) {
    if (!filter_) return &packet_;
    pcap_pkthdr header{};
    header.len = packet_.wire_length;
    header.caplen = static_cast<uint32_t>(packet_.bytes.size());
    const auto* bytes = reinterpret_cast<const u_char*>(packet_.bytes.data());
    // Not by libpcap itself: it would leave those out of the packets' numbers.
    if (pcap_offline_filter(filter_->program(), &header, bytes) != 0) return &packet_;
  }
  return nullptr;
}

// False at the end.
bool CaptureFile::read() {
  if (!stopping_ && fraction_ns_ != 0 && take_plain_record()) return true;
  if (!stopping_ && growth_ == FileGrowth::Growing) return false;
  fraction_ns_ = 0;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int result = stopping_ ? PCAP_ERROR_BREAK : pcap_next_ex(handle_.get(), &header, &bytes);
  if (result != 1) {
    end(result == PCAP_ERROR && !stopping_ ? pcap_geterr(handle_.get()) : nullptr);
    return false;
  }
  ++packet_.number;
  packet_.time_ns = nanoseconds(header->ts);
  packet_.wire_length = header->len;
  packet_.bytes = std::as_bytes(std::span(bytes, header->caplen));
  return true;
}

// False where the next record is odd in any way, also cut: libpcap knows what to make of it, and
// reads alone from then on.
bool CaptureFile::take_plain_record() {
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

void CaptureFile::end(const char* why) {
  ended_ = true;
  if (why == nullptr) return;
  const bool is_cut = std::string_view(why).starts_with("truncated");
  flaw_ = name_ + (is_cut ? " ends early, after packet " : " can be read no further than packet ") +
          std::to_string(packet_.number) + ": " + why;
}

bool CaptureFile::is(const std::string& path) const {
  struct stat mine {};
  struct stat theirs {};
  return fstat(bytes_.fd(), &mine) == 0 && S_ISREG(mine.st_mode) &&
         stat(path.c_str(), &theirs) == 0 && mine.st_dev == theirs.st_dev &&
         mine.st_ino == theirs.st_ino;
}

CaptureFile::Progress CaptureFile::progress() const {
  return {.read = size_ > 0 ? bytes_.position() : 0, .size = size_};
}

}  // namespace wireseam
