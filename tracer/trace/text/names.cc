// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/names.h"

#include <netdb.h>
#include <netinet/in.h>

#include <array>

#include "tracer/trace/text/sockaddr.h"
#include "tracer/trace/text/socket_kind.h"

namespace wireseam {
namespace {

// What the shim keeps of an addrinfo that was found, before the address.
struct FoundAddress {
  int32_t flags;
  int32_t family;
  int32_t socktype;
  int32_t protocol;
};

void write_addrinfo_fields(StructText& text, const FoundAddress& address) {
  text.field("ai_flags").flags(ConstantGroup::AddrinfoFlag, static_cast<uint32_t>(address.flags));
  text.field("ai_family")
      .constant(ConstantGroup::AddressFamily, static_cast<uint32_t>(address.family));
  TextWriter& out = text.field("ai_socktype");
  if (address.socktype == 0)
    out.text("0");
  else
    write_socket_type(out, static_cast<uint32_t>(address.socktype));
  text.field("ai_protocol")
      .constant(ConstantGroup::InetProtocol, static_cast<uint32_t>(address.protocol));
}

void write_found(TextWriter& out, std::span<const std::byte> bytes) {
  const auto found = read_at<FoundAddress>(bytes);
  if (!found) return out.text("...");
  StructText text(out);
  write_addrinfo_fields(text, *found);
  const auto address = bytes.subspan(sizeof *found);
  if (address.size() >= sizeof(sa_family_t)) write_sockaddr(text.field("ai_addr"), address);
}

void write_host_address(TextWriter& out, std::span<const std::byte> address) {
  if (address.size() == sizeof(in_addr)) return out.inet_address(address);
  if (address.size() == sizeof(in6_addr)) return out.inet6_address(address, "in6_addr");
  out.quoted_hex(address);
}

// Blobs of that part with the indices 0, 1, ... as an array; false where there is none.
template <typename Write>
bool write_each(const Argument& argument, BlobPart part, Write write) {
  size_t count = 0;
  for (const Blob& blob : argument.call.blobs) {
    if (blob.parameter != argument.index || blob.part != part || !blob.readable()) continue;
    if (!begin_element(argument.out, count++)) break;
    write(blob);
  }
  if (count > 0) argument.out.text("]");
  return count > 0;
}

}  // namespace

void write_string(const Argument& argument) {
  const auto blob = argument.blob();
  if (!blob) return argument.pointer();
  argument.out.begin(TextColor::String);
  argument.out.quoted(blob->bytes);
  argument.out.end_color();
  if (blob->total > blob->bytes.size()) argument.out.text("...");
}

namespace {

// False: nothing is known of what follows.
bool write_list_item(const Argument& argument, const Blob& item, size_t index) {
  TextWriter& out = argument.out;
  const auto pointer = read_at<uint64_t>(item.bytes);
  if (item.readable() && item.bytes.empty() && item.total > 0) {
    out.text("...");
    return false;
  }
  if (item.readable()) {
    out.string(item.bytes, item.total);
  } else if (pointer) {
    out.pointer(*pointer);
  } else {
    out.text("... /* ");
    out.hex(argument.value() + index * sizeof(uint64_t));
    out.text(" */");
  }
  return item.readable() || pointer;
}

}  // namespace

void write_strings(const Argument& argument) {
  const auto first = argument.call.blobs.find(argument.index);
  const bool unread = first && !first->readable() && first->bytes.empty();
  if (argument.value() == 0 || unread) return argument.pointer();
  size_t count = 0;
  for (const Blob& item : argument.call.blobs) {
    if (item.parameter != argument.index || item.part != BlobPart::Value) continue;
    const size_t index = count++;
    if (!begin_element(argument.out, index) || !write_list_item(argument, item, index)) break;
  }
  argument.out.text(count > 0 ? "]" : "[]");
}

void write_environment(const Argument& argument) {
  argument.pointer();
  const auto value = argument.blob();
  const auto count = value ? read_at<uint32_t>(value->bytes) : std::nullopt;
  if (!count) return;
  argument.out.text(" /* ");
  argument.out.number(*count);
  argument.out.text(*count == 1 ? " var" : " vars");
  if (read_at<uint32_t>(value->bytes, sizeof *count).value_or(0) != 0)
    argument.out.text(", unterminated");
  argument.out.text(" */");
}

void write_addrinfo_hints(const Argument& argument) {
  const auto hints = argument.read<addrinfo>();
  if (!hints) return argument.pointer();
  StructText text(argument.out);
  write_addrinfo_fields(
      text, {hints->ai_flags, hints->ai_family, hints->ai_socktype, hints->ai_protocol});
}

void write_addrinfo(const Argument& argument) {
  const bool any = write_each(argument, BlobPart::Value,
                              [&](const Blob& blob) { write_found(argument.out, blob.bytes); });
  if (!any) argument.pointer();
}

void write_pid_out(const Argument& argument) {
  const auto pid = argument.read<int32_t>();
  if (!pid) return argument.pointer();
  argument.out.text("[");
  argument.out.decimal(*pid);
  argument.out.text("]");
}

void write_host_addresses(const Argument& argument) {
  const bool any = write_each(argument, BlobPart::Name, [&](const Blob& blob) {
    write_host_address(argument.out, blob.bytes);
  });
  if (!any) argument.pointer();
}

}  // namespace wireseam
