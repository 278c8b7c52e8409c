// SPDX-License-Identifier: Apache-2.0
// What happened, as everything behind the collector sees it: one call, or the beginning or end of a
// process. A view: its blobs and texts point into the buffer of whoever made it and are valid until
// that one makes the next event.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "tracer/trace/call_info.h"
#include "tracer/trace/format.h"

namespace wireseam {

// The bytes that a parameter pointed at, as far as they were recorded.
struct Blob {
  uint8_t parameter = 0;
  BlobPart part = BlobPart::Value;
  uint16_t index = 0;
  uint64_t total = 0;  // bytes that there were; kUnreadable where the pointer was bad
  std::span<const std::byte> bytes;

  bool readable() const { return total != kUnreadable; }
};

// Walks the blobs of one record. Never reads past its bytes: what is cut off is left out.
class Blobs {
 public:
  Blobs() = default;
  explicit Blobs(std::span<const std::byte> bytes) : bytes_(bytes) {}

  class Iterator {
   public:
    explicit Iterator(std::span<const std::byte> rest) : rest_(rest) { read(); }
    const Blob& operator*() const { return blob_; }
    const Blob* operator->() const { return &blob_; }
    Iterator& operator++() {
      read();
      return *this;
    }
    bool operator==(std::nullptr_t) const { return done_; }

   private:
    void read();

    std::span<const std::byte> rest_;
    Blob blob_;
    bool done_ = false;
  };

  Iterator begin() const { return Iterator(bytes_); }
  std::nullptr_t end() const { return nullptr; }

  // The first one of that parameter, part and index.
  std::optional<Blob> find(size_t parameter, BlobPart part = BlobPart::Value,
                           size_t index = 0) const;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

// Who called: both empty where it is not known.
struct Caller {
  uint64_t address = 0;
  std::string_view module;  // path of the program or library
  std::string_view symbol;  // "main+0x1f"
};

enum class CallState : uint8_t {
  Returned,
  Running,  // entered and not yet returned; only live
  CutOff,   // its thread ended inside it
};

struct CallEvent {
  CallNumber number = CallNumber::none;
  const CallInfo* info = nullptr;  // nullptr: a newer version's call, shown by its number
  CallState state = CallState::Returned;
  uint16_t flags = 0;   // kFlag...
  uint32_t serial = 0;  // counts the calls of its thread
  int32_t errnum = 0;   // 0 unless the call failed
  int64_t result = 0;
  uint64_t duration_ns = 0;
  std::array<uint64_t, kMaxArguments> arguments{};
  Blobs blobs;
  Caller caller;

  bool failed() const { return errnum != 0; }
  // It ends its process, which is all that can be known of its end.
  bool never_returns() const { return number == CallNumber::exit; }
};

struct ProcessBeginEvent {
  ProcessCause cause = ProcessCause::Start;
  uint32_t parent = 0;
  uint32_t user = 0;
  std::string_view name;
};

struct ProcessEndEvent {
  int32_t status = kStatusUnknown;  // wait(2)'s status word
};

// Calls that could not be recorded: how many so far, in all. After damage nobody knows how many.
struct LostEvent {
  uint64_t count = 0;
  LostCause cause = LostCause::NoRoom;
};

// A socket of a process whose calls are not seen.
struct UnseenSocketEvent {
  uint64_t since_ns = 0;  // before that the process didn't have it
  uint64_t until_ns = kStillThere;
  SocketIdentity identity{};

  // struct sockaddr; empty: none.
  std::span<const std::byte> local() const { return name(identity.local, identity.local_size); }
  std::span<const std::byte> peer() const { return name(identity.peer, identity.peer_size); }

 private:
  static std::span<const std::byte> name(const uint8_t (&bytes)[kMaxSockaddr], size_t size) {
    return std::as_bytes(std::span(bytes).first(size < kMaxSockaddr ? size : kMaxSockaddr));
  }
};

struct Event {
  uint32_t pid = 0;
  uint32_t tid = 0;
  uint32_t process =
      0;  // counts the programs of a trace from 1: pids are reused, and exec keeps them
  uint64_t time_ns = 0;  // CLOCK_REALTIME when it began
  std::variant<CallEvent, ProcessBeginEvent, ProcessEndEvent, LostEvent, UnseenSocketEvent> what;
};

// Takes events in the order of their time. A call that is still running may be announced first with
// `running`; it comes again, complete, when it has returned or was cut off.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void event(const Event& event) = 0;
  virtual void running(const Event& /*event*/) {}
  // Nothing more is at hand just now: what was held back for a while may be shown.
  virtual void idle() {}
  // The trace has ended.
  virtual void finish() {}
};

}  // namespace wireseam
