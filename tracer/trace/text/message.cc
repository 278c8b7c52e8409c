// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/message.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "tracer/trace/given_items.h"
#include "tracer/trace/text/control.h"
#include "tracer/trace/text/netlink.h"
#include "tracer/trace/text/sockaddr.h"

namespace wireseam {
namespace {

uint64_t address_of(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

// The blobs of an iovec's buffers, one after the other.
class Buffers {
 public:
  Buffers(const Argument& argument, size_t message)
      : next_(argument.call.blobs.begin()), parameter_(argument.index), message_(message) {}

  std::optional<Blob> next() {
    while (next_ != nullptr && !is_buffer(*next_)) ++next_;
    if (next_ == nullptr) return std::nullopt;
    const Blob blob = *next_;
    ++next_;
    return blob;
  }

 private:
  bool is_buffer(const Blob& blob) const {
    return blob.part == BlobPart::Buffer && blob.parameter == parameter_ && blob.index == message_;
  }

  Blobs::Iterator next_;
  size_t parameter_;
  size_t message_;
};

// How the bytes of a message are shown: as strace does, by the name that the message has.
struct BufferView {
  bool is_netlink = false;
  int protocol = -1;
};

void write_buffer(TextWriter& out, const iovec& buffer, Buffers& buffers, const BufferView& view) {
  StructText text(out);
  text.field("iov_base");
  const auto blob = buffer.iov_base != nullptr ? buffers.next() : std::nullopt;
  if (blob && blob->readable() && view.is_netlink)
    write_netlink(out, view.protocol, blob->bytes, blob->total);
  else if (blob && blob->readable())
    out.string(blob->bytes, blob->total);
  else
    out.pointer(address_of(buffer.iov_base));
  text.field("iov_len").number(buffer.iov_len);
}

// The array at `pointer`; `message` counts those of sendmmsg and recvmmsg.
void write_buffers(const Argument& argument, size_t message, uint64_t pointer,
                   const BufferView& view = {}) {
  TextWriter& out = argument.out;
  const auto vector = argument.blob(BlobPart::Vector, message);
  if (!vector) return out.pointer(pointer);
  if (vector->bytes.size() < sizeof(iovec)) return out.text("[]");
  Buffers buffers(argument, message);
  const size_t count = vector->bytes.size() / sizeof(iovec);
  bool shown = true;
  for (size_t i = 0; i < count && shown; ++i) {
    shown = begin_element(out, i);
    if (shown) write_buffer(out, *read_at<iovec>(vector->bytes, i * sizeof(iovec)), buffers, view);
  }
  if (shown && vector->total > vector->bytes.size()) out.text(", ...");
  out.text("]");
}

struct Message {
  const Argument& argument;
  size_t number;  // of sendmmsg and recvmmsg
  msghdr header;
  std::optional<int> room_for_name;  // msg_namelen before the call
};

BufferView view_of(const Message& message) {
  const auto name = message.argument.blob(BlobPart::Name, message.number);
  const auto family = name ? read_at<sa_family_t>(name->bytes) : std::nullopt;
  if (!message.argument.out.as_syscall() || family != AF_NETLINK) return {};
  return {.is_netlink = true, .protocol = netlink_protocol(message.argument).value_or(-1)};
}

void write_name(const Message& message) {
  TextWriter& out = message.argument.out;
  const auto name = message.argument.blob(BlobPart::Name, message.number);
  int size = static_cast<int>(message.header.msg_namelen);
  if (message.room_for_name) size = std::min(size, *message.room_for_name);
  const size_t known = name ? name->bytes.size() : 0;
  if (size < 2 || known < 2) return out.pointer(address_of(message.header.msg_name));
  write_sockaddr(out, name->bytes.first(std::min(known, static_cast<size_t>(size))));
}

void write_message(const Message& message) {
  TextWriter& out = message.argument.out;
  const msghdr& header = message.header;
  StructText text(out);
  text.field("msg_name");
  write_name(message);
  const int namelen = static_cast<int>(header.msg_namelen);
  text.field("msg_namelen");
  if (message.room_for_name && *message.room_for_name != namelen) {
    out.decimal(*message.room_for_name);
    out.text(" => ");
  }
  out.decimal(namelen);
  text.field("msg_iov");
  write_buffers(message.argument, message.number, address_of(header.msg_iov), view_of(message));
  text.field("msg_iovlen").number(header.msg_iovlen);
  if (header.msg_controllen != 0) {
    text.field("msg_control");
    const auto control = message.argument.blob(BlobPart::Control, message.number);
    write_control(out, {.address = address_of(header.msg_control),
                        .total = header.msg_controllen,
                        .bytes = control ? control->bytes : std::span<const std::byte>{}});
  }
  text.field("msg_controllen").number(header.msg_controllen);
  text.field("msg_flags")
      .flags(ConstantGroup::MessageFlag, static_cast<uint32_t>(header.msg_flags));
}

// How many of an array of messages are shown, and how many of them the kernel has dealt with.
struct MessageCount {
  size_t shown;
  size_t done;
};

void write_messages(const Argument& argument, MessageCount count) {
  TextWriter& out = argument.out;
  const GivenItems<mmsghdr> headers(argument.call, argument.index);
  if (!headers.known()) return argument.pointer();
  const size_t known = headers.size();
  if (std::min(known, count.shown) == 0) return out.text("[]");
  const auto names = argument.blob(BlobPart::Before);
  bool shown = true;
  for (size_t i = 0; i < std::min(known, count.shown) && shown; ++i) {
    shown = begin_element(out, i);
    if (!shown) break;
    const auto header = *headers.at(i);
    StructText text(out);
    text.field("msg_hdr");
    write_message({argument, i, header.msg_hdr,
                   names ? read_at<int>(names->bytes, i * sizeof(int)) : std::nullopt});
    const auto length = i < count.done ? message_length(argument.call, argument.index, i)
                                       : std::optional<uint64_t>();
    if (length) text.field("msg_len").number(*length);
  }
  if (shown && known < count.shown) out.text(", ...");
  out.text("]");
}

size_t messages_done(const CallEvent& call) {
  return call.failed() || call.result < 0 ? 0 : static_cast<size_t>(call.result);
}

}  // namespace

void write_vector(const Argument& argument) { write_buffers(argument, 0, argument.value()); }

void write_message_in(const Argument& argument) {
  const auto header = argument.read<msghdr>();
  if (!header) return argument.pointer();
  write_message({argument, 0, *header, std::nullopt});
}

void write_message_out(const Argument& argument) {
  const auto room = argument.read<int>(BlobPart::Before);
  if (argument.call.failed() && room) {
    StructText text(argument.out);
    text.field("msg_namelen").decimal(*room);
    return;
  }
  const auto header = argument.read<msghdr>();
  if (argument.call.failed() || !header) return argument.pointer();
  write_message({argument, 0, *header, room});
}

void write_messages_in(const Argument& argument) {
  write_messages(argument, {argument.next().as_unsigned(), messages_done(argument.call)});
}

void write_messages_out(const Argument& argument) {
  if (argument.call.failed()) return argument.pointer();
  const size_t done = messages_done(argument.call);
  write_messages(argument, {done, done});
}

}  // namespace wireseam
