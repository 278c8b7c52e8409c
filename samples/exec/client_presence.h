// SPDX-License-Identifier: Apache-2.0
// Whether a client is still there to hear the answer.
#pragma once

namespace wireseam::samples {

// True when it has closed its socket. One that has only said that it sends no more (shutdown(2), as
// `nc -N` does) is still there; to us TCP says the same of both, so of a client on this host the
// kernel is asked whether its socket still has an owner. A client elsewhere is gone when it resets.
bool client_is_gone(int fd);

}  // namespace wireseam::samples
