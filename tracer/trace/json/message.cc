// SPDX-License-Identifier: Apache-2.0
// Buffers, struct iovec, msghdr and mmsghdr (recvmsg(2), recvmmsg(2)).
#include <sys/socket.h>
#include <sys/uio.h>

#include "tracer/trace/given_items.h"
#include "tracer/trace/json/address.h"
#include "tracer/trace/json/control.h"
#include "tracer/trace/json/parameter.h"

namespace wireseam::json {
namespace {

// The buffers of one message, in the order of its iovec array.
class Buffers {
 public:
  Buffers(const Argument& argument, size_t message)
      : argument_(argument), message_(message), next_(argument.call.blobs.begin()) {}

  // The bytes of the next buffer that is not NULL.
  std::optional<Blob> take() {
    for (; next_ != argument_.call.blobs.end(); ++next_) {
      const Blob blob = *next_;
      if (blob.parameter != argument_.index || blob.part != BlobPart::Buffer ||
          blob.index != message_)
        continue;
      ++next_;
      return blob.readable() ? std::optional(blob) : std::nullopt;
    }
    return std::nullopt;
  }

 private:
  const Argument& argument_;
  size_t message_;
  Blobs::Iterator next_;
};

void write_buffer(JsonWriter& out, const iovec& buffer, Buffers& buffers) {
  const JsonObject object(out);
  const auto address = reinterpret_cast<uintptr_t>(buffer.iov_base);
  out.key("iov_base");
  const auto bytes = address != 0 ? buffers.take() : std::nullopt;
  if (bytes)
    write_payload(out, bytes->bytes, bytes->total);
  else
    write_pointer(out, address);
  out.key("iov_len").number(buffer.iov_len);
}

// `address` is where the array lies in the program.
void write_buffers(const Argument& argument, size_t message, uint64_t address) {
  const auto vector = argument.blob(BlobPart::Vector, message);
  if (!vector) return write_pointer(argument.out, address);
  const JsonArray array(argument.out);
  Buffers buffers(argument, message);
  for (size_t at = 0; const auto buffer = read_at<iovec>(vector->bytes, at); at += sizeof(iovec))
    write_buffer(argument.out, *buffer, buffers);
}

void write_name(const Argument& argument, size_t message, const msghdr& header) {
  const auto name = argument.blob(BlobPart::Name, message);
  if (name)
    write_address(argument.out, name->bytes);
  else
    write_pointer(argument.out, reinterpret_cast<uintptr_t>(header.msg_name));
}

// Where the call changes the length, what it was stands beside it.
void write_name_length(const Argument& argument, size_t message, const msghdr& header) {
  const auto lengths = argument.blob(BlobPart::Before);
  const auto before =
      lengths ? read_at<uint32_t>(lengths->bytes, message * sizeof(uint32_t)) : std::nullopt;
  JsonWriter& out = argument.out;
  if (!before) return out.number(header.msg_namelen);
  const JsonObject object(out);
  out.key("before").number(*before);
  out.key("after").number(header.msg_namelen);
}

void write_header(const Argument& argument, size_t message, const msghdr& header) {
  JsonWriter& out = argument.out;
  const JsonObject object(out);
  out.key("msg_name");
  write_name(argument, message, header);
  out.key("msg_namelen");
  write_name_length(argument, message, header);
  out.key("msg_iov");
  write_buffers(argument, message, reinterpret_cast<uintptr_t>(header.msg_iov));
  out.key("msg_iovlen").number(header.msg_iovlen);
  out.key("msg_control");
  const auto control = argument.blob(BlobPart::Control, message);
  if (control)
    write_control(out, control->bytes);
  else
    write_pointer(out, reinterpret_cast<uintptr_t>(header.msg_control));
  out.key("msg_controllen").number(header.msg_controllen);
  write_flags(out.key("msg_flags"), ConstantGroup::MessageFlag,
              static_cast<uint32_t>(header.msg_flags));
}

}  // namespace

void write_bytes(const Argument& argument) {
  const auto bytes = argument.blob();
  if (!bytes) return argument.pointer();
  write_payload(argument.out, bytes->bytes, bytes->total);
}

void write_vector(const Argument& argument) { write_buffers(argument, 0, argument.value()); }

void write_message(const Argument& argument) {
  const auto header = argument.read<msghdr>();
  if (!header) return argument.pointer();
  write_header(argument, 0, *header);
}

void write_messages(const Argument& argument) {
  const GivenItems<mmsghdr> headers(argument.call, argument.index);
  if (!headers.known()) return argument.pointer();
  JsonWriter& out = argument.out;
  const JsonArray array(out);
  for (size_t i = 0; const auto message = headers.at(i); ++i) {
    const JsonObject object(out);
    out.key("msg_hdr");
    write_header(argument, i, message->msg_hdr);
    const bool handled = !argument.call.failed() && static_cast<int64_t>(i) < argument.call.result;
    const auto length =
        handled ? message_length(argument.call, argument.index, i) : std::optional<uint64_t>();
    if (length) out.key("msg_len").number(*length);
  }
}

}  // namespace wireseam::json
