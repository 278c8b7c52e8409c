// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/capture_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "common/error.h"
#include "inspector/capture/pcap_reader.h"
#include "inspector/capture/pcapng_reader.h"

namespace wireseam {
namespace {

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

Error no_capture(const std::string& name, const std::string& begin, const std::string& why) {
  Error error(name + " is no capture file: " + (begin.empty() ? "it is empty" : why));
  return std::move(error).with_cure(is_compressed(begin)
                                        ? "it is compressed: bsdcat FILE | wireseam inspect -"
                                        : "pcap and pcapng can be read");
}

// " ends early, after packet 3: "
std::string introduction(ReadEnd::Kind kind, uint64_t number) {
  switch (kind) {
    case ReadEnd::Kind::Whole:
      return "";
    case ReadEnd::Kind::Cut:
      return " ends early, after packet " + std::to_string(number) + ": ";
    case ReadEnd::Kind::Stuck:
      return " can be read no further than packet " + std::to_string(number) + ": ";
    case ReadEnd::Kind::LeftOut:
      return " was not read as a whole: ";
  }
  return "";
}

}  // namespace

CaptureFile::CaptureFile(const std::string& path, const std::string& filter)
    : name_(path == "-" ? "standard input" : "'" + path + "'"), bytes_(open_file(path)) {
  begin(path);
  if (!filter.empty()) filters_.emplace(filter, reader_->link_types());
}

CaptureFile::CaptureFile(Fd file, const std::string& name)
    : name_("'" + name + "'"), bytes_(std::move(file)) {
  begin(name);
}

void CaptureFile::begin(const std::string& path) {
  size_ = size_of(bytes_.fd());
  const std::string first = first_bytes(bytes_, path);
  if (PcapngReader::is_format_of(bytes_.buffered()))
    reader_ = std::make_unique<PcapngReader>(bytes_);
  else
    reader_ = std::make_unique<PcapReader>(bytes_);
  if (!reader_->is_capture()) throw no_capture(name_, first, reader_->end().why);
}

const RawPacket* CaptureFile::next() {
  while (!ended_) {
    const RawPacket* packet = stopping_ ? nullptr : reader_->next(growth_);
    if (packet == nullptr) {
      if (stopping_ || growth_ == FileGrowth::Complete) end();
      return nullptr;
    }
    number_ = packet->number;
    // Not by libpcap itself: it would leave those out of the packets' numbers.
    if (filters_ && !filters_->pass(*packet)) continue;
    any_passed_ = true;
    return packet;
  }
  return nullptr;
}

void CaptureFile::end() {
  ended_ = true;
  if (stopping_) return;
  const ReadEnd end = reader_->end();
  if (end.kind != ReadEnd::Kind::Whole) flaw_ = name_ + introduction(end.kind, number_) + end.why;
  if (any_passed_ || number_ == 0) return;
  if (!flaw_.empty()) flaw_ += "; ";
  flaw_ += "the filter matched none of " + std::to_string(number_) + " packets";
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
