// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/packet_writer.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "common/error.h"
#include "common/private_mode.h"

namespace wireseam {
namespace {

iovec part_of(std::string_view bytes) {
  // writev(2) does not write to them.
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

Fd open_output(const std::string& path) {
  Fd file(path == "-" ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                      : open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kPrivateFile));
  if (!file) throw Error("cannot write packets to", path, errno);
  return file;
}

// Writes all of them. 0, or the errno.
int write_all(int file, std::array<iovec, 3> parts) {
  size_t left = parts[0].iov_len + parts[1].iov_len + parts[2].iov_len;
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

PacketWriter::PacketWriter(const std::string& path, const std::vector<uint32_t>& link_types)
    : PacketWriter(open_output(path), path, link_types) {}

PacketWriter::PacketWriter(Fd file, const std::string& name,
                           const std::vector<uint32_t>& link_types)
    : path_(name), encoder_(PacketEncoder::make(name, link_types)), file_(std::move(file)) {
  const std::string begin = encoder_->begin();
  const int error = write_all(file_.get(), {part_of(begin)});
  if (error != 0) throw Error("cannot write packets to", path_, error).with_cure(cure_of(error));
  size_ = begin_size_ = begin.size();
}

void PacketWriter::begin_again() {
  const auto size = static_cast<off_t>(begin_size_);
  if (ftruncate(file_.get(), size) != 0 || lseek(file_.get(), size, SEEK_SET) != size)
    return fail(errno_text(errno), "");
  size_ = begin_size_;
  packets_ = 0;
  failure_.clear();
}

void PacketWriter::write(const RawPacket& packet) {
  if (!failure_.empty()) return;
  const auto frame = encoder_->frame(packet);
  if (!frame)
    return fail("a pcap file has packets of one link type only",
                "for several, give it a name that ends with .pcapng");
  const std::string_view bytes(reinterpret_cast<const char*>(packet.bytes.data()),
                               packet.bytes.size());
  const int error =
      write_all(file_.get(), {part_of(frame->front), part_of(bytes), part_of(frame->behind)});
  if (error != 0) return fail(errno_text(error), cure_of(error));
  size_ += frame->front.size() + bytes.size() + frame->behind.size();
  ++packets_;
}

void PacketWriter::fail(const std::string& why, const std::string& cure) {
  failure_ = "cannot write packets to '" + path_ + "': " + why + "; it has the first " +
             std::to_string(packets_);
  if (!cure.empty()) failure_ += " (" + cure + ")";
  // What there is of the packet at hand would look like a file that was cut. A pipe cannot do it.
  [[maybe_unused]] const int result = ftruncate(file_.get(), static_cast<off_t>(size_));
}

}  // namespace wireseam
