// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/socket_calls.h"

#include "tracer/trace/call_descriptors.h"

namespace wireseam {
namespace {

// The log says that a descriptor is a socket.
bool brings_identity(const CallEvent& call) {
  for (const Blob& blob : call.blobs)
    if (blob.part == BlobPart::Identity) return true;
  return false;
}

}  // namespace

void SocketCalls::event(const Event& event) {
  if (test_.passes(event)) sink_.event(event);
}

void SocketCalls::running(const Event& event) {
  if (test_.is_about_socket(event)) sink_.running(event);
}

bool SocketCallTest::passes(const Event& event) {
  if (!is_about_socket(event)) return false;
  // The table takes any call that it is given for one about a socket, as the shim does.
  sockets_.apply(event);
  return true;
}

bool SocketCallTest::is_about_socket(const Event& event) const {
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call == nullptr || call->info == nullptr || call->info->traced == Traced::Always) return true;
  const bool closes_many =
      call->number == CallNumber::close_range || call->number == CallNumber::closefrom;
  if (closes_many || brings_identity(*call)) return true;
  for (size_t i = 0; i < call->info->parameter_count; ++i)
    for (const int fd : descriptors_in(*call, i))
      if (sockets_.find(event.process, event.tid, fd) != nullptr) return true;
  return false;
}

}  // namespace wireseam
