// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/address.h"

#include <algorithm>
#include <array>

#include "tracer/trace/text/netlink.h"
#include "tracer/trace/text/sockaddr.h"

namespace wireseam {
namespace {

void write_address(const Argument& argument, int64_t size) {
  const auto blob = argument.blob();
  const auto shortest = static_cast<int64_t>(sizeof(uint16_t));  // the family
  if (!blob || size < shortest || blob->bytes.size() < sizeof(uint16_t)) return argument.pointer();
  write_sockaddr(argument.out,
                 blob->bytes.first(std::min(blob->bytes.size(), static_cast<size_t>(size))));
}

// strace takes netlink messages apart in these two system calls, and not in read and write.
void write_payload(const Argument& argument, const Blob& blob) {
  TextWriter& out = argument.out;
  const std::string_view syscall = argument.call.info->syscall;
  const bool taken_apart = out.as_syscall() && (syscall == "sendto" || syscall == "recvfrom");
  const auto protocol = taken_apart ? netlink_protocol(argument) : std::nullopt;
  if (protocol) return write_netlink(out, *protocol, blob.bytes, blob.total);
  out.string(blob.bytes, blob.total);
}

}  // namespace

void write_address_in(const Argument& argument) {
  write_address(argument, argument.next().as_int());
}

void write_address_out(const Argument& argument) {
  const auto room = argument.next().read<int32_t>(BlobPart::Before);
  if (argument.call.failed() || !room) return argument.pointer();
  write_address(argument, *room);
}

void write_length_in_out(const Argument& argument) {
  const auto before = argument.read<int32_t>(BlobPart::Before);
  const auto after = argument.read<int32_t>();
  const bool of_address =
      argument.call.info->parameters()[argument.index].kind == ParameterKind::AddressLengthInOut;
  const bool without_address = of_address && argument.call.arguments[argument.index - 1] == 0;
  if (!before || without_address) return argument.pointer();
  TextWriter& out = argument.out;
  out.text("[");
  out.decimal(*before);
  if (after && !argument.call.failed() && *after != *before) {
    out.text(" => ");
    out.decimal(*after);
  }
  out.text("]");
}

void write_bytes_in(const Argument& argument) {
  const auto blob = argument.blob();
  if (!blob) return argument.pointer();
  write_payload(argument, *blob);
}

void write_bytes_out(const Argument& argument) {
  const auto blob = argument.blob();
  if (argument.call.failed() || !blob) return argument.pointer();
  write_payload(argument, *blob);
}

void write_descriptor_pair(const Argument& argument) {
  const auto pair = argument.read<std::array<int, 2>>();
  if (argument.call.failed() || !pair) return argument.pointer();
  TextWriter& out = argument.out;
  for (size_t i = 0; i < pair->size() && begin_element(out, i); ++i) out.descriptor((*pair)[i]);
  out.text("]");
}

void write_offset_in_out(const Argument& argument) {
  const auto offset = argument.read<int64_t>(BlobPart::Before);
  if (!offset) return argument.pointer();
  argument.out.text("[");
  argument.out.number(static_cast<uint64_t>(*offset));
  argument.out.text("]");
}

void write_offset_after(const Argument& argument) {
  const auto offset = argument.read<int64_t>();
  if (argument.call.failed() || argument.call.result == 0 || !offset) return;
  argument.out.text(" => [");
  argument.out.decimal(*offset);
  argument.out.text("]");
}

}  // namespace wireseam
