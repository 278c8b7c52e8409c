// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/packet_writer.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/error.h"
#include "inspector/capture/pcap_format.h"

namespace wireseam {
namespace {

constexpr uint64_t kNanoseconds = 1'000'000'000;

// On Linux libpcap's number for raw IP differs from that of files.
uint32_t link_type_of_file(uint32_t link_type) {
  constexpr uint32_t kDltRaw = 12;
  constexpr uint32_t kLinkTypeRaw = 101;
  return link_type == kDltRaw ? kLinkTypeRaw : link_type;
}

Fd open_output(const std::string& path) {
  Fd file(path == "-" ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                      : open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file) throw Error("cannot write packets to", path, errno);
  return file;
}

// Writes all of both, which changes them. 0, or the errno.
int write_all(int file, std::array<iovec, 2> parts) {
  size_t left = parts[0].iov_len + parts[1].iov_len;
  while (left > 0) {
    const ssize_t written = writev(file, parts.data(), parts.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    left -= static_cast<size_t>(written);
    auto done = static_cast<size_t>(written);
    for (iovec& part : parts) {
      const size_t size = std::min(done, part.iov_len);
      part.iov_base = static_cast<char*>(part.iov_base) + size;
      part.iov_len -= size;
      done -= size;
    }
  }
  return 0;
}

std::string cure_of(int errnum) {
  switch (errnum) {
    case ENOSPC:
    case EDQUOT:
      return "make room there, or write to another disk";
    case EFBIG:
      return "raise the limit of a file's size (ulimit -f), or filter with -f";
    case EPIPE:
      return "its reader has gone";
    default:
      return "";
  }
}

}  // namespace

PacketWriter::PacketWriter(const std::string& path, uint32_t link_type)
    : path_(path), file_(open_output(path)) {
  PcapFileHeader header;
  header.link_type = link_type_of_file(link_type);
  const int error = write_all(file_.get(), {{{&header, sizeof header}, {nullptr, 0}}});
  if (error != 0) throw Error("cannot write packets to", path, error).with_cure(cure_of(error));
  size_ = sizeof header;
}

void PacketWriter::write(const RawPacket& packet) {
  if (!failure_.empty()) return;
  PcapRecordHeader header{.seconds = static_cast<uint32_t>(packet.time_ns / kNanoseconds),
                          .fraction = static_cast<uint32_t>(packet.time_ns % kNanoseconds),
                          .captured = static_cast<uint32_t>(packet.bytes.size()),
                          .wire_length = packet.wire_length};
  // writev(2) does not write to them.
  auto* bytes = const_cast<std::byte*>(packet.bytes.data());
  const int error =
      write_all(file_.get(), {{{&header, sizeof header}, {bytes, packet.bytes.size()}}});
  if (error != 0) return fail(error);
  size_ += sizeof header + packet.bytes.size();
  ++packets_;
}

void PacketWriter::fail(int errnum) {
  failure_ = "cannot write packets to '" + path_ + "': " + errno_text(errnum) +
             "; it has the first " + std::to_string(packets_);
  const std::string cure = cure_of(errnum);
  if (!cure.empty()) failure_ += " (" + cure + ")";
  // What there is of the packet at hand would look like a file that was cut. A pipe cannot do it.
  [[maybe_unused]] const int result = ftruncate(file_.get(), static_cast<off_t>(size_));
}

}  // namespace wireseam
