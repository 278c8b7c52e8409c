// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/encode/encoding.h"

#include <algorithm>
#include <limits>

#include "tracer/compare/encode/descriptor_note.h"

namespace wireseam {

Encoding::Encoding(const CallInfo& info, const LogCall& log) : log_(log) {
  call_.info = &info;
  call_.number = info.number;
  call_.flags = kFlagStrace;
  call_.state = log.state;
  call_.errnum = log.errnum;
  call_.result = log.result;
  for (size_t i = 0; i < info.parameter_count; ++i) encode_parameter(*this, i);
  encode_notes();
  const bool makes = info.result == ResultKind::NewSocket && !call_.failed();
  if (makes) encode_note(static_cast<uint64_t>(log.result), log.result_note);
}

const CallEvent& Encoding::call() {
  call_.blobs = Blobs(blobs_);
  return call_;
}

const LogValue* Encoding::value(size_t parameter) const {
  return parameter < log_.arguments.size() ? &log_.arguments[parameter] : nullptr;
}

bool Encoding::follow(size_t parameter) {
  const LogValue* pointer = value(parameter);
  const bool shown = pointer != nullptr && pointer->kind == LogValue::Kind::Word;
  const bool absent = pointer == nullptr && log_.state == CallState::Returned;
  if (!absent) set_argument(parameter, shown ? reader_.number(*pointer) : kFollowedPointer);
  return pointer != nullptr && !shown;
}

void Encoding::add(size_t parameter, BlobPart part, std::span<const std::byte> bytes,
                   uint64_t total, size_t index) {
  const BlobHeader header{.parameter = static_cast<uint8_t>(parameter),
                          .part = part,
                          .index = static_cast<uint16_t>(index),
                          .stored = static_cast<uint32_t>(bytes.size()),
                          .total = total};
  const auto head = std::as_bytes(std::span(&header, 1));
  blobs_.insert(blobs_.end(), head.begin(), head.end());
  blobs_.insert(blobs_.end(), bytes.begin(), bytes.end());
  blobs_.resize(padded(blobs_.size()));
}

void Encoding::encode_notes() {
  for (size_t i = 0; i < info().parameter_count; ++i) {
    const ParameterKind kind = info().parameters()[i].kind;
    if (kind == ParameterKind::Fd && value(i) != nullptr)
      encode_note(call_.arguments[i], value(i)->note);
    if (kind == ParameterKind::FdPairOut && value(i) != nullptr)
      for (const LogValue& fd : value(i)->items) encode_note(reader_.number(fd), fd.note);
  }
}

void Encoding::encode_note(uint64_t descriptor, std::string_view note) {
  if (const auto identity = socket_of_note(static_cast<int>(descriptor), note))
    add_value(0, BlobPart::Identity, *identity);
}

}  // namespace wireseam
