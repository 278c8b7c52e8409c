// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/join/names.h"
#include "inspector/ui/canvas.h"

namespace wireseam {

std::string amount_text(uint64_t amount) {
  if (amount < 1000) return std::to_string(amount);
  auto value = static_cast<double>(amount);
  for (const char unit : {'k', 'M', 'G', 'T', 'P'}) {
    value /= 1000;
    if (value < 9.95) return fmt::format("{:.1f}{}", value, unit);
    if (value < 999.5) return fmt::format("{:.0f}{}", value, unit);
  }
  return fmt::format("{:.0f}E", value / 1000);
}

std::string counted(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", amount_text(count), noun, count == 1 ? "" : "s");
}

std::string span_text(uint64_t time_ns) {
  const double seconds = static_cast<double>(time_ns) / 1e9;
  if (seconds < 1e-3) return fmt::format("{:.0f} us", seconds * 1e6);
  if (seconds < 0.9995) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (seconds < 60) return fmt::format("{:.3g} s", seconds);
  const auto whole = static_cast<uint64_t>(seconds);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
}

std::string apart_text(uint64_t since_ns, uint64_t until_ns) {
  return (until_ns < since_ns ? "-" : "") +
         span_text(std::max(since_ns, until_ns) - std::min(since_ns, until_ns));
}

std::string clock_text(const Session& session, uint64_t time_ns) {
  const bool earlier = time_ns < session.first_ns();
  const uint64_t apart = earlier ? session.first_ns() - time_ns : time_ns - session.first_ns();
  return fmt::format("{}{:.6f}", earlier ? "-" : "", static_cast<double>(apart) / 1e9);
}

std::string flags_text(uint16_t flags) {
  std::string text;
  for_each_flag(flags, [&](std::string_view name) {
    text += text.empty() ? "" : ",";
    text += name;
  });
  return text;
}

std::string notes_text(const SegmentRecord& record) {
  std::string text;
  const auto add = [&](std::string_view word) {
    text += text.empty() ? "" : ", ";
    text += word;
  };
  if (record.segment.cause != Cause::None) add(to_string(record.segment.cause));
  if (record.late_cause != Cause::None) add(to_string(record.late_cause));
  return text;
}

std::string seams_text(const Seams& seams) {
  if (seams.aligned()) return "one whole frame";
  if (seams.touched() > 1) return fmt::format("coalesced: bytes of {} frames", seams.touched());
  if (seams.continued && seams.continues) return "the middle of a frame";
  if (seams.continued) return "the end of a frame";
  if (seams.continues) return "the beginning of a frame";
  return "";
}

std::string client_text(const ConnectionRecord& connection) {
  if (!connection.is_on_wire()) return connection.calls ? connection.calls->client : "";
  return end_text(connection.client_end(), connection.key.version);
}

std::string server_text(const ConnectionRecord& connection) {
  if (!connection.is_on_wire()) return connection.calls ? connection.calls->server : "";
  return end_text(connection.server_end(), connection.key.version);
}

std::string_view protocol_text(const ConnectionRecord& connection) {
  if (connection.is_on_wire()) return connection.is_tcp() ? "tcp" : "udp";
  return connection.calls ? to_string(connection.calls->medium) : "";
}

std::string process_text(const ConnectionRecord& connection) {
  if (connection.calls == nullptr) return "";
  const auto name = [](const Party& party) {
    return party.pid == 0 ? std::string("-") : fmt::format("{}({})", party.program, party.pid);
  };
  return name(connection.calls->party(Role::Client)) + " > " +
         name(connection.calls->party(Role::Server));
}

std::string name_of(const ConnectionRecord& connection) {
  return fmt::format("#{} {} {} > {}", connection.id, protocol_text(connection),
                     client_text(connection), server_text(connection));
}

std::string shortened(const std::string& text, int width) {
  const auto room = static_cast<size_t>(width < 0 ? 0 : width);
  if (width_of(text, Charset::Unicode) <= width) return text;
  if (room < 4) return text.substr(0, room);
  // The port at the end is what is told apart by first.
  const size_t tail = (room - 1) * 2 / 3;
  return text.substr(0, room - 1 - tail) + "~" + text.substr(text.size() - tail);
}

std::string_view arrow(Direction direction) { return direction == Direction::ToServer ? ">" : "<"; }

}  // namespace wireseam
