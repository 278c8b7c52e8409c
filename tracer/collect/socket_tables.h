// SPDX-License-Identifier: Apache-2.0
// The kernel's tables of sockets in a network namespace: /proc/PID/net/{tcp,tcp6,udp,udp6}
// (proc(5)).
#pragma once

#include <string>
#include <vector>

#include "tracer/collect/process_folder.h"
#include "tracer/trace/format.h"

namespace wireseam {

// The sockets of such a table that belong to a process and have a port. Lines that are none are
// left out.
std::vector<SocketIdentity> sockets_in_table(const std::string& table, int domain, int type);

// Those of all four, as the process sees them.
std::vector<SocketIdentity> socket_tables(const ProcessFolder& process);

}  // namespace wireseam
