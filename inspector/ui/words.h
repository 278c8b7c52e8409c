// SPDX-License-Identifier: Apache-2.0
// Numbers, times and names as the screens have them: short.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "inspector/session/session.h"

namespace wireseam {

// "812", "1.2k", "34k", "1.2M": five columns at most.
std::string amount_text(uint64_t amount);

// "38 us", "1.24 ms", "3.2 s", "5m12s", "3h05m".
std::string span_text(uint64_t time_ns);

// From one time to another that may be the earlier one: "-38 us".
std::string apart_text(uint64_t since_ns, uint64_t until_ns);

// "1 packet", "12k packets".
std::string counted(uint64_t count, std::string_view noun);

// Seconds since the session's first packet, with microseconds.
std::string clock_text(const Session& session, uint64_t time_ns);

// "SYN,ACK"
std::string flags_text(uint16_t flags);

// What there is to say of a packet, in a few words: empty where all is well.
std::string notes_text(const SegmentRecord& record);
std::string seams_text(const Seams& seams);

std::string client_text(const ConnectionRecord& connection);
std::string server_text(const ConnectionRecord& connection);
// "tcp", "udp", "unix"
std::string_view protocol_text(const ConnectionRecord& connection);
// "curl(71) > nginx(12)", "curl(71) > -"; empty where no calls were seen.
std::string process_text(const ConnectionRecord& connection);
// "#3 127.0.0.1:40000 > 127.0.0.1:80"
std::string name_of(const ConnectionRecord& connection);

// The text with its middle left out, where it is longer than `width`: what is at the ends tells
// addresses apart.
std::string shortened(const std::string& text, int width);

std::string_view arrow(Direction direction);

}  // namespace wireseam
