// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/capture_file.h"

#include <pcap/pcap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

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

bool is_compressed(FILE* file) {
  std::array<unsigned char, 4> magic{};
  if (pread(fileno(file), magic.data(), magic.size(), 0) != 4) return false;
  const bool is_gzip = magic[0] == 0x1f && magic[1] == 0x8b;
  const bool is_zstd = magic == std::array<unsigned char, 4>{0x28, 0xb5, 0x2f, 0xfd};
  const bool is_xz = magic == std::array<unsigned char, 4>{0xfd, '7', 'z', 'X'};
  return is_gzip || is_zstd || is_xz;
}

PcapHandle open_capture(File& file, const std::string& name) {
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  std::setvbuf(file.get(), nullptr, _IOFBF, kBufferSize);
  PcapHandle handle(
      pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO, why.data()));
  if (!handle) {
    Error error(name + " is no capture file: " + why.data());
    throw is_compressed(file.get())
        ? std::move(error).with_cure("it is compressed: bsdcat FILE | wireseam inspect -")
        : std::move(error).with_cure("pcap and pcapng can be read");
  }
  static_cast<void>(file.release());  // pcap_close does it from now on
  return handle;
}

}  // namespace

void PcapClose::operator()(pcap* handle) const { pcap_close(handle); }

CaptureFile::CaptureFile(const std::string& path, const std::string& filter)
    : name_(path == "-" ? "standard input" : "'" + path + "'") {
  File file = open_file(path);
  size_ = size_of(file.get());
  handle_ = open_capture(file, name_);
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
  // With this precision tv_usec has nanoseconds.
  packet_.time_ns = static_cast<uint64_t>(header->ts.tv_sec) * 1'000'000'000 +
                    static_cast<uint64_t>(header->ts.tv_usec);
  packet_.wire_length = header->len;
  packet_.bytes = std::as_bytes(std::span(bytes, header->caplen));
  return true;
}

void CaptureFile::end(const char* why) {
  ended_ = true;
  if (why == nullptr) return;
  flaw_ = name_ + " ends early, after packet " + std::to_string(packet_.number) + ": " + why;
}

CaptureFile::Progress CaptureFile::progress() const {
  const off_t position = size_ > 0 ? ftello(pcap_file(handle_.get())) : 0;
  return {.read = position > 0 ? static_cast<uint64_t>(position) : 0, .size = size_};
}

}  // namespace wireseam
