// SPDX-License-Identifier: Apache-2.0
// fcntl(2) and ioctl(2): the argument is told by its shape.
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "tracer/compare/encode/parameters.h"
#include "tracer/compare/encode/sockaddr.h"
#include "tracer/trace/ioctl_request.h"

namespace wireseam {
namespace {

struct Owner {
  int type;
  int pid;
};

flock lock_of(ValueReader& reader, const LogValue& value) {
  flock lock{};
  lock.l_type = static_cast<short>(reader.flags(value, "l_type", {ConstantGroup::LockType}));
  lock.l_whence = static_cast<short>(reader.flags(value, "l_whence", {ConstantGroup::SeekWhence}));
  lock.l_start = static_cast<off_t>(reader.number(value, "l_start"));
  lock.l_len = static_cast<off_t>(reader.number(value, "l_len"));
  lock.l_pid = static_cast<pid_t>(reader.number(value, "l_pid"));
  return lock;
}

void encode_octets(std::string_view text, sockaddr& address) {
  constexpr size_t kEthernet = 6;
  for (size_t i = 0; i < kEthernet && text.size() >= 2; ++i) {
    uint8_t octet = 0;
    std::from_chars(text.data(), text.data() + 2, octet, 16);
    address.sa_data[i] = static_cast<char>(octet);
    text.remove_prefix(std::min<size_t>(text.size(), 3));
  }
}

bool is_hardware_address(const LogValue& value) {
  const LogValue* data = value.field("sa_data");
  return data != nullptr && data->kind == LogValue::Kind::Word &&
         data->word.find_first_not_of("0123456789abcdef:") == std::string_view::npos;
}

void encode_hardware(ValueReader& reader, const LogValue& value, sockaddr& address) {
  address.sa_family =
      static_cast<sa_family_t>(reader.flags(value, "sa_family", {ConstantGroup::ArpHardware}));
  if (is_hardware_address(value)) encode_octets(value.field("sa_data")->word, address);
}

void encode_field(ValueReader& reader, const IoctlRequest& request, const LogValue& value,
                  ifreq& out) {
  switch (request.shape) {
    case IoctlShape::Address: {
      const auto address = encode_sockaddr(reader, value);
      std::memcpy(&out.ifr_addr, address.data(), std::min(address.size(), sizeof out.ifr_addr));
      return;
    }
    case IoctlShape::Hardware:
      return encode_hardware(reader, value, out.ifr_hwaddr);
    case IoctlShape::Flags:
      out.ifr_flags = static_cast<short>(reader.flags(value, {ConstantGroup::InterfaceFlag}));
      return;
    case IoctlShape::Index:
    case IoctlShape::Int:
      out.ifr_ifindex = static_cast<int>(reader.number(value));
      return;
    case IoctlShape::Name:
      // The name is told in the field of that name.
      return;
  }
}

ifreq interface_of(ValueReader& reader, const IoctlRequest& request, const LogValue& value) {
  ifreq out{};
  if (const LogValue* index = value.field("ifr_ifindex"))
    out.ifr_ifindex = static_cast<int>(reader.number(*index));
  if (const LogValue* field = value.field(request.field))
    encode_field(reader, request, *field, out);
  if (const LogValue* name = value.field("ifr_name"))
    std::memcpy(out.ifr_name, name->bytes.data(),
                std::min(name->bytes.size(), sizeof out.ifr_name - 1));
  return out;
}

}  // namespace

void encode_fcntl_argument(Encoding& encoding, size_t parameter) {
  using enum ConstantGroup;
  const LogValue* value = encoding.value(parameter);
  if (value == nullptr) return;
  ValueReader& reader = encoding.reader();
  if (value->kind != LogValue::Kind::Struct)
    return encoding.set_argument(
        parameter,
        reader.flags(*value, {DescriptorFlag, AccessMode, OpenFlag, Signal, LockType, SealFlag}));
  encoding.set_argument(parameter, kFollowedPointer);
  if (value->field("l_type") != nullptr)
    return encoding.add_value(parameter, BlobPart::Value, lock_of(reader, *value));
  encoding.add_value(parameter, BlobPart::Value,
                     Owner{.type = static_cast<int>(reader.flags(*value, "type", {OwnerType})),
                           .pid = static_cast<int>(reader.number(*value, "pid"))});
}

// A name, or _IOC(_IOC_READ|_IOC_WRITE, 0x89, 0x1, 0x4).
void encode_ioctl_request(Encoding& encoding, size_t parameter) {
  const LogValue* value = encoding.value(parameter);
  if (value == nullptr) return;
  ValueReader& reader = encoding.reader();
  if (value->kind != LogValue::Kind::Call)
    return encoding.set_argument(parameter, reader.flags(*value, {ConstantGroup::IoctlRequest}));
  if (value->items.size() != 4) return reader.fail("no request");
  const std::string_view ways = value->items[0].word;
  const auto has = [&](std::string_view way) { return ways.find(way) != std::string_view::npos; };
  const uint64_t direction =
      (has("_IOC_READ") ? _IOC_READ : 0U) | (has("_IOC_WRITE") ? _IOC_WRITE : 0U);
  encoding.set_argument(
      parameter, _IOC(direction, reader.number(value->items[1]), reader.number(value->items[2]),
                      reader.number(value->items[3])));
}

void encode_ioctl_argument(Encoding& encoding, size_t parameter) {
  if (!encoding.follow(parameter)) return;
  const LogValue& value = *encoding.value(parameter);
  const IoctlRequest* request = find_ioctl(encoding.argument(parameter - 1));
  if (request == nullptr) return encoding.mark_incomplete();
  ValueReader& reader = encoding.reader();
  if (value.kind == LogValue::Kind::Array && value.items.size() == 1)
    return encoding.add_value(parameter, BlobPart::Value,
                              static_cast<int>(reader.number(value.items[0])));
  if (value.kind != LogValue::Kind::Struct) return encoding.mark_incomplete();
  encoding.add_value(parameter, BlobPart::Value, interface_of(reader, *request, value));
}

}  // namespace wireseam
