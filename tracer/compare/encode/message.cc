// SPDX-License-Identifier: Apache-2.0
// struct msghdr, arrays of it, and the buffers that they and readv(2) name.
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "tracer/compare/encode/parameters.h"
#include "tracer/compare/encode/sockaddr.h"
#include "tracer/compare/log_word.h"

namespace wireseam {
namespace {

// A pointer as it is shown; kFollowedPointer where something stands in its place.
uint64_t pointer_of(Encoding& encoding, const LogValue* value) {
  if (value == nullptr) return 0;
  if (value->kind != LogValue::Kind::Word) return kFollowedPointer;
  return encoding.reader().number(*value);
}

void* as_pointer(uint64_t address) { return reinterpret_cast<void*>(address); }

// How much is kept of control messages that were not shown.
constexpr size_t kMaxRest = 4096;

bool fills(const Encoding& encoding, size_t parameter) {
  const ParameterKind kind = encoding.info().parameters()[parameter].kind;
  return kind == ParameterKind::VectorOut || kind == ParameterKind::MessageOut ||
         kind == ParameterKind::MessagesOut;
}

struct Place {
  size_t parameter;
  size_t index;  // of the message
};

// The bytes of one buffer. Of what fills it no more than `left` has arrived.
void encode_buffer(Encoding& encoding, Place place, const LogValue& base, uint64_t room,
                   uint64_t& left) {
  const auto bytes = std::as_bytes(std::span(base.bytes));
  const uint64_t moved = fills(encoding, place.parameter) ? std::min(room, left) : room;
  left -= std::min(moved, left);
  encoding.add(place.parameter, BlobPart::Buffer, bytes, base.cut ? moved : bytes.size(),
               place.index);
}

// [{iov_base="abc", iov_len=3}, ...]; `moved` is how many bytes the call has moved in all.
void encode_buffers(Encoding& encoding, Place place, const LogValue& array, uint64_t count,
                    uint64_t moved) {
  std::vector<iovec> vector;
  for (const LogValue& item : array.items)
    vector.push_back({as_pointer(pointer_of(encoding, item.field("iov_base"))),
                      encoding.reader().number(item, "iov_len")});
  const uint64_t total = array.cut ? std::max<uint64_t>(count, vector.size()) : vector.size();
  encoding.add(place.parameter, BlobPart::Vector, std::as_bytes(std::span(vector)),
               total * sizeof(iovec), place.index);
  for (size_t i = 0; i < vector.size(); ++i) {
    const LogValue* base = array.items[i].field("iov_base");
    if (base != nullptr && base->kind == LogValue::Kind::String)
      encode_buffer(encoding, place, *base, vector[i].iov_len, moved);
  }
}

// msg_namelen=128 => 16
struct NameLength {
  uint32_t before = 0;
  uint32_t after = 0;
};

NameLength name_length(Encoding& encoding, const LogValue& header) {
  const LogValue* value = header.field("msg_namelen");
  if (value == nullptr) return {};
  const auto before = static_cast<uint32_t>(encoding.reader().number(*value));
  if (value->after.empty()) return {before, before};
  return {before, static_cast<uint32_t>(encoding.reader().number(value->after[0]))};
}

void encode_name(Encoding& encoding, Place place, const LogValue& header, NameLength length) {
  const LogValue* name = header.field("msg_name");
  if (name == nullptr || name->kind != LogValue::Kind::Struct) return;
  auto bytes = encode_sockaddr(encoding.reader(), *name);
  if (!fills(encoding, place.parameter)) bytes.resize(std::min<size_t>(length.after, kMaxSockaddr));
  encoding.add(place.parameter, BlobPart::Name, bytes, bytes.size(), place.index);
}

// Where control messages lie, which strace tells of those that it doesn't show.
uint64_t control_pointer(Encoding& encoding, const LogValue* control) {
  if (control == nullptr || !control->cut) return pointer_of(encoding, control);
  const auto rest = number_of(control->comment);
  if (!rest) return pointer_of(encoding, control);
  return *rest - encode_control(encoding, *control).size();
}

msghdr header_of(Encoding& encoding, const LogValue& value) {
  msghdr header{};
  header.msg_name = as_pointer(pointer_of(encoding, value.field("msg_name")));
  header.msg_namelen = name_length(encoding, value).after;
  header.msg_iov = static_cast<iovec*>(as_pointer(pointer_of(encoding, value.field("msg_iov"))));
  header.msg_iovlen = encoding.reader().number(value, "msg_iovlen");
  header.msg_control = as_pointer(control_pointer(encoding, value.field("msg_control")));
  header.msg_controllen = encoding.reader().number(value, "msg_controllen");
  header.msg_flags =
      static_cast<int>(encoding.reader().flags(value, "msg_flags", {ConstantGroup::MessageFlag}));
  return header;
}

// What the header points at.
void encode_parts(Encoding& encoding, Place place, const LogValue& value, const msghdr& header,
                  uint64_t moved) {
  encode_name(encoding, place, value, name_length(encoding, value));
  const LogValue* buffers = value.field("msg_iov");
  if (buffers != nullptr && buffers->kind == LogValue::Kind::Array)
    encode_buffers(encoding, place, *buffers, header.msg_iovlen, moved);
  const LogValue* control = value.field("msg_control");
  if (control == nullptr || control->kind != LogValue::Kind::Array) return;
  auto bytes = encode_control(encoding, *control);
  if (control->cut)
    bytes.resize(std::max(bytes.size(), std::min<size_t>(header.msg_controllen, kMaxRest)));
  encoding.add(place.parameter, BlobPart::Control, bytes, header.msg_controllen, place.index);
}

uint64_t bytes_moved(const Encoding& encoding) {
  return encoding.failed() ? 0 : static_cast<uint64_t>(std::max<int64_t>(encoding.log().result, 0));
}

}  // namespace

void encode_vector(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue* count = encoding.value(parameter + 1);
  encode_buffers(encoding, {parameter, 0}, *encoding.value(parameter),
                 count != nullptr ? encoding.reader().number(*count) : 0, bytes_moved(encoding));
}

void encode_message(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& value = *encoding.value(parameter);
  const bool receives = fills(encoding, parameter);
  if (receives)
    encoding.add_value(parameter, BlobPart::Before, name_length(encoding, value).before);
  if (receives && value.items.size() == 1) return;  // a failure: {msg_namelen=16} is all
  const msghdr header = header_of(encoding, value);
  encoding.add_value(parameter, BlobPart::Value, header);
  encode_parts(encoding, {parameter, 0}, value, header, bytes_moved(encoding));
}

void encode_messages(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  std::vector<mmsghdr> headers;
  std::vector<uint32_t> name_lengths;
  const LogValue& array = *encoding.value(parameter);
  for (size_t i = 0; i < std::min<size_t>(array.items.size(), UINT16_MAX); ++i) {
    const LogValue* value = array.items[i].field("msg_hdr");
    if (value == nullptr) return encoding.reader().fail("no message");
    const uint64_t moved = encoding.reader().number(array.items[i], "msg_len");
    headers.push_back({header_of(encoding, *value), static_cast<uint32_t>(moved)});
    name_lengths.push_back(name_length(encoding, *value).before);
    encode_parts(encoding, {parameter, i}, *value, headers.back().msg_hdr, moved);
  }
  encoding.add(parameter, BlobPart::Value, std::as_bytes(std::span(headers)));
  if (fills(encoding, parameter))
    encoding.add(parameter, BlobPart::Before, std::as_bytes(std::span(name_lengths)));
}

}  // namespace wireseam
