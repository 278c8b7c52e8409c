// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/capture_file.h"

#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "common/error.h"

namespace wireseam {
namespace {

constexpr size_t kBufferSize = size_t{256} << 10;

struct CloseFile {
  void operator()(FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<FILE, CloseFile>;

File open_file(const std::string& path) {
  if (path != "-") {
    File file(std::fopen(path.c_str(), "re"));
    if (!file) throw Error("cannot open capture", path, errno);
    return file;
  }
  if (isatty(STDIN_FILENO) == 1)
    throw Error("cannot read a capture from standard input: it is a terminal")
        .with_cure("tcpdump -i lo -U -w - | wireseam inspect -");
  return File(stdin);
}

// Zero for what has none: a pipe.
uint64_t size_of(FILE* file) {
  struct stat status {};
  const bool has_size = fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);
  return has_size ? static_cast<uint64_t>(status.st_size) : 0;
}

// The file's first bytes, up to four, which stay to be read: a pipe can't be read twice.
std::string first_bytes(FILE* file, const std::string& path) {
  std::array<char, 4> bytes{};
  const size_t size = std::fread(bytes.data(), 1, bytes.size(), file);
  if (std::ferror(file) != 0) throw Error("cannot read capture", path, errno);
  for (size_t i = size; i > 0; --i) std::ungetc(static_cast<unsigned char>(bytes[i - 1]), file);
  return {bytes.data(), size};
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
  constexpr int64_t kSecond = 1'000'000'000;
  int64_t seconds = time.tv_sec;
  if (seconds < 0 && seconds >= INT32_MIN) seconds += int64_t{1} << 32;
  seconds = std::clamp<int64_t>(seconds, 0, INT64_MAX / kSecond - 1);
  // With the precision asked for tv_usec has nanoseconds.
  return static_cast<uint64_t>(seconds * kSecond + time.tv_usec);
}

PcapHandle open_capture(File& file, const std::string& path, const std::string& name) {
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  std::setvbuf(file.get(), nullptr, _IOFBF, kBufferSize);
  const std::string begin = first_bytes(file.get(), path);
  PcapHandle handle(
      pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO, why.data()));
  if (!handle) throw no_capture(name, begin, why.data());
  static_cast<void>(file.release());  // pcap_close does it from now on
  return handle;
}

}  // namespace

void PcapClose::operator()(pcap* handle) const { pcap_close(handle); }

CaptureFile::CaptureFile(const std::string& path, const std::string& filter)
    : name_(path == "-" ? "standard input" : "'" + path + "'") {
  File file = open_file(path);
  size_ = size_of(file.get());
  handle_ = open_capture(file, path, name_);
  packet_.link_type = static_cast<uint32_t>(pcap_datalink(handle_.get()));
  if (!filter.empty()) filter_.emplace(handle_.get(), filter);
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
  return fstat(fileno(pcap_file(handle_.get())), &mine) == 0 && S_ISREG(mine.st_mode) &&
         stat(path.c_str(), &theirs) == 0 && mine.st_dev == theirs.st_dev &&
         mine.st_ino == theirs.st_ino;
}

CaptureFile::Progress CaptureFile::progress() const {
  const off_t position = size_ > 0 ? ftello(pcap_file(handle_.get())) : 0;
  return {.read = position > 0 ? static_cast<uint64_t>(position) : 0, .size = size_};
}

}  // namespace wireseam
