// SPDX-License-Identifier: Apache-2.0
// Which end of a connection is its client.
#pragma once

#include "inspector/flow/flow_key.h"

namespace wireseam {

struct Roles {
  Side client;
  bool guessed;
};

// Who sent a SYN is the client, who answers one the server; else the ports tell. Who speaks first
// tells of UDP alone: of TCP it is but where the capture began, and most servers have the lower
// port.
Roles roles_of(const FlowKey& key, const Packet& packet, Side sender);

}  // namespace wireseam
