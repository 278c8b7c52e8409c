// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/call_facts.h"

#include <sys/socket.h>

#include <algorithm>

#include "tracer/trace/bytes.h"
#include "tracer/trace/constants.h"
#include "tracer/trace/movement.h"

namespace wireseam {
namespace {

bool has_flag(const CallEvent& call, uint64_t flag) { return (message_flags(call) & flag) != 0; }

bool disconnects(const CallEvent& call) {
  const auto address = call.blobs.find(1);
  return address && read_at<sa_family_t>(address->bytes) == sa_family_t{AF_UNSPEC};
}

// Whether the blob is one of the buffers whose bytes went through the socket.
bool is_buffer(const CallEvent& call, const Blob& blob) {
  if (blob.part == BlobPart::Buffer) return true;
  if (blob.part != BlobPart::Value) return false;
  const auto parameters = call.info->parameters();
  if (blob.parameter >= parameters.size()) return false;
  const ParameterKind kind = parameters[blob.parameter].kind;
  return kind == ParameterKind::BytesIn || kind == ParameterKind::BytesOut;
}

uint64_t bytes_offered(const CallEvent& call) {
  if (const auto size = argument(call, ParameterKind::Size)) return *size;
  uint64_t offered = 0;
  for (const Blob& blob : call.blobs) {
    if (blob.part != BlobPart::Vector) continue;
    for (size_t at = 0; const auto buffer = read_at<iovec>(blob.bytes, at); at += sizeof(iovec))
      offered += buffer->iov_len;
  }
  return offered;
}

}  // namespace

CallSpan span_of(const Event& event, const CallEvent& call, int fd, ByteRange range) {
  return {.range = range,
          .name = call.info->name,
          .fd = fd,
          .pid = event.pid,
          .tid = event.tid,
          .begin_ns = event.time_ns,
          .duration_ns = call.duration_ns,
          .room = bytes_offered(call),
          .more = has_flag(call, MSG_MORE),
          .waits_for_all = has_flag(call, MSG_WAITALL)};
}

CallMoment moment_of(const Event& event, const CallEvent& call) {
  CallMoment moment{.name = call.info->name,
                    .pid = event.pid,
                    .begin_ns = event.time_ns,
                    .duration_ns = call.duration_ns,
                    .errnum = call.errnum};
  if (call.failed())
    moment.error = constant_name(ConstantGroup::Errno, static_cast<uint64_t>(call.errnum));
  if (call.number == CallNumber::shutdown)
    moment.how = constant_name(ConstantGroup::ShutdownHow, call.arguments[1]);
  if (call.number == CallNumber::connect && disconnects(call)) moment.how = "AF_UNSPEC";
  const auto unread = call.blobs.find(0, BlobPart::Unread);
  if (unread) moment.unread = read_at<uint32_t>(unread->bytes);
  return moment;
}

void for_each_piece(const Event& event, const CallEvent& call, ByteRange range,
                    const std::function<void(const StreamPiece&)>& visit) {
  const uint64_t time_ns = event.time_ns + call.duration_ns;
  uint64_t at = range.begin;
  for (const Blob& blob : call.blobs) {
    if (!is_buffer(call, blob) || !blob.readable() || at == range.end) continue;
    const uint64_t end = at + std::min(blob.total, range.end - at);
    const auto bytes = blob.bytes.first(std::min<size_t>(blob.bytes.size(), end - at));
    visit({{at, end}, 0, time_ns, bytes});
    at = end;
  }
  if (at < range.end) visit({{at, range.end}, 0, time_ns, {}});
}

std::optional<Way> way_of(const CallEvent& call) {
  if (call.number == CallNumber::sendfile) return Way::Sent;
  if (has_flag(call, MSG_PEEK)) return {};
  for (const Parameter& parameter : call.info->parameters()) {
    using enum ParameterKind;
    if (parameter.kind == BytesIn || parameter.kind == VectorIn || parameter.kind == MessageIn)
      return Way::Sent;
    if (parameter.kind == BytesOut || parameter.kind == VectorOut || parameter.kind == MessageOut)
      return Way::Received;
  }
  return {};
}

uint64_t message_flags(const CallEvent& call) {
  return argument(call, ParameterKind::MessageFlags).value_or(0);
}

}  // namespace wireseam
