// SPDX-License-Identifier: Apache-2.0
// Builds events as the reader of a trace would make them, for tests: a call by its libc name, its
// arguments, and the blobs that its parameters brought.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tracer/trace/event.h"

namespace wireseam::test {

// EventBuilder("connect").arguments({3, kPointer, 16}).value(1, address).fails(EINPROGRESS).event()
class EventBuilder {
 public:
  explicit EventBuilder(std::string_view call) {
    const CallInfo* info = find_call(call);
    assert(info != nullptr);
    call_.info = info;
    call_.number = info->number;
    thread(1000);
    event_.process = 1;
  }

  EventBuilder& thread(uint32_t tid) { return process(tid, tid); }
  EventBuilder& process(uint32_t pid, uint32_t tid) {
    event_.pid = pid;
    event_.tid = tid;
    return *this;
  }
  EventBuilder& begins(uint64_t time_ns) {
    event_.time_ns = time_ns;
    return *this;
  }
  EventBuilder& lasts(uint64_t duration_ns) {
    call_.duration_ns = duration_ns;
    return *this;
  }
  EventBuilder& serial(uint32_t serial) {
    call_.serial = serial;
    return *this;
  }
  EventBuilder& flags(uint16_t flags) {
    call_.flags = flags;
    return *this;
  }
  EventBuilder& state(CallState state) {
    call_.state = state;
    return *this;
  }

  EventBuilder& arguments(std::initializer_list<int64_t> values) {
    assert(values.size() <= kMaxArguments);
    size_t i = 0;
    for (const int64_t value : values) call_.arguments[i++] = static_cast<uint64_t>(value);
    return *this;
  }
  EventBuilder& returns(int64_t result) {
    call_.result = result;
    return *this;
  }
  EventBuilder& fails(int32_t errnum) {
    call_.result = -1;
    call_.errnum = errnum;
    return *this;
  }

  // total is the number of bytes there were; by default those that are stored.
  EventBuilder& blob(size_t parameter, BlobPart part, std::string_view bytes, size_t index = 0,
                     uint64_t total = kAsStored) {
    const BlobHeader header{.parameter = static_cast<uint8_t>(parameter),
                            .part = part,
                            .index = static_cast<uint16_t>(index),
                            .stored = static_cast<uint32_t>(bytes.size()),
                            .total = total == kAsStored ? bytes.size() : total};
    append({reinterpret_cast<const char*>(&header), sizeof header});
    append(bytes);
    bytes_.resize(padded(bytes_.size()));
    return *this;
  }
  EventBuilder& unreadable(size_t parameter, BlobPart part = BlobPart::Value) {
    return blob(parameter, part, {}, 0, kUnreadable);
  }

  // The bytes of a kernel structure, an array of them, or a text.
  template <typename T>
  EventBuilder& part(size_t parameter, BlobPart part, const T& what, size_t index = 0) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      return blob(parameter, part, what, index);
    } else {
      static_assert(std::is_trivially_copyable_v<T>);
      return blob(parameter, part, {reinterpret_cast<const char*>(&what), sizeof what}, index);
    }
  }
  template <typename T>
  EventBuilder& value(size_t parameter, const T& what, size_t index = 0) {
    return part(parameter, BlobPart::Value, what, index);
  }
  template <typename T>
  EventBuilder& before(size_t parameter, const T& what) {
    return part(parameter, BlobPart::Before, what);
  }

  // Valid until the builder changes or dies.
  const Event& event() {
    call_.blobs = Blobs(bytes_);
    event_.what = call_;
    return event_;
  }

 private:
  static constexpr uint64_t kAsStored = kUnreadable - 1;

  void append(std::string_view bytes) {
    const size_t end = bytes_.size();
    bytes_.resize(end + bytes.size());
    std::ranges::copy(std::as_bytes(std::span(bytes)),
                      bytes_.begin() + static_cast<ptrdiff_t>(end));
  }

  Event event_;
  CallEvent call_;
  std::vector<std::byte> bytes_;
};

// Some address in the traced program.
inline constexpr int64_t kPointer = 0x7ffe1000;

}  // namespace wireseam::test
