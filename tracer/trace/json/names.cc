// SPDX-License-Identifier: Apache-2.0
// Strings, getaddrinfo(3), gethostbyname(3).
#include <netdb.h>

#include "tracer/trace/json/address.h"
#include "tracer/trace/json/parameter.h"

namespace wireseam::json {
namespace {

struct AddrinfoHead {
  uint32_t flags;
  uint32_t family;
  uint32_t socktype;
  uint32_t protocol;
};

void write_head(JsonWriter& out, const AddrinfoHead& head) {
  write_flags(out.key("ai_flags"), ConstantGroup::AddrinfoFlag, head.flags);
  write_constant(out.key("ai_family"), ConstantGroup::AddressFamily, head.family);
  write_constant(out.key("ai_socktype"), ConstantGroup::SocketType, head.socktype);
  write_socket_protocol(out.key("ai_protocol"), head.family, head.protocol);
}

}  // namespace

void write_string(const Argument& argument) {
  const auto text = argument.blob();
  if (!text) return argument.pointer();
  write_text(argument.out, text->bytes, text->total);
}

void write_strings(const Argument& argument) {
  const auto first = argument.call.blobs.find(argument.index);
  if (!first || (!first->readable() && first->bytes.empty())) return argument.pointer();
  const JsonArray array(argument.out);
  for (const Blob& text : argument.call.blobs) {
    if (text.parameter != argument.index || text.part != BlobPart::Value) continue;
    const bool left_out = text.readable() && text.bytes.empty() && text.total > 0;
    if (left_out) break;
    if (text.readable())
      write_text(argument.out, text.bytes, text.total);
    else
      argument.out.null();
  }
}

// struct addrinfo begins with the four numbers.
void write_addrinfo_hints(const Argument& argument) {
  const auto hints = argument.read<AddrinfoHead>();
  if (!hints) return argument.pointer();
  const JsonObject object(argument.out);
  write_head(argument.out, *hints);
}

void write_addrinfo(const Argument& argument) {
  if (!argument.blob()) return argument.pointer();
  JsonWriter& out = argument.out;
  const JsonArray array(out);
  for (const Blob& found : argument.call.blobs) {
    const auto head = read_at<AddrinfoHead>(found.bytes);
    if (found.parameter != argument.index || found.part != BlobPart::Value || !head) continue;
    const JsonObject object(out);
    write_head(out, *head);
    write_address(out.key("ai_addr"), found.bytes.subspan(sizeof *head));
  }
}

void write_host_addresses(const Argument& argument) {
  if (!argument.blob(BlobPart::Name)) return argument.pointer();
  const JsonArray array(argument.out);
  for (const Blob& address : argument.call.blobs)
    if (address.parameter == argument.index && address.part == BlobPart::Name)
      write_ip(argument.out, address.bytes);
}

}  // namespace wireseam::json
