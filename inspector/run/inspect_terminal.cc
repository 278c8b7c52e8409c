// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/inspect_terminal.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "inspector/capture/drop_privileges.h"
#include "inspector/run/session_feed.h"
#include "inspector/run/written_selection.h"
#include "inspector/ui/app.h"
#include "inspector/ui/script.h"

namespace wireseam {
namespace {

constexpr size_t kMemory = size_t{256} << 20;

// On the status line there is no room for a path.
std::string source_name(const InspectRequest& request) {
  if (!request.interface.empty()) return request.interface;
  const std::filesystem::path path(request.file);
  return (path.has_filename() ? path : path.parent_path()).filename();
}

// Shows a session, that is being filled meanwhile, by `show`.
void inspect_with(const std::function<void(const AppFeed&)>& show, const InspectRequest& request,
                  OpenedSource& opened) {
  std::optional<PacketWriter> keeper;
  if (!request.keep.empty()) keeper.emplace(request.keep, opened.packets->link_types());
  // The file is where its user may write; from here on nothing of that is needed.
  if (opened.pace == Pace::Live) drop_privileges();
  const size_t memory = request.memory.value_or(kMemory);
  SharedSession session(memory);
  const FeedOptions options{.framing = opened.framing,
                            .limits = FlowLimits::of_memory(memory / 2),
                            .live = opened.pace == Pace::Live,
                            .calls = opened.calls.get(),
                            .followed = opened.followed,
                            .told = opened.told.get(),
                            .traced = opened.traced};
  SessionFeed feed(*opened.packets, session, options, keeper ? &*keeper : nullptr);
  show({.session = session,
        .name = source_name(request),
        .live = options.live || opened.followed != nullptr,
        .changed_fd = feed.changed_fd(),
        .accept_change = [&] { feed.accept_change(); },
        .stop = [&] { feed.stop(); },
        .write =
            [&](const Session& seen, const ScreenSelection& selection, const std::string& file) {
              return write_selection(seen, selection, file, opened.framing);
            }});
  // Seen on the screen already; a script wants to know, too.
  if (feed.has_failed()) throw Error(feed.failure());
  if (options.live && feed.finished() && !opened.packets->flaw().empty())
    throw Error(opened.packets->flaw());
  if (keeper && !keeper->failure().empty()) throw Error(keeper->failure());
}

std::string content_of(const std::string& path) {
  errno = 0;
  std::ifstream file(path == "-" ? "/dev/stdin" : path, std::ios::binary);
  std::string content;
  for (char c = 0; file.get(c);) content += c;
  if (!file.eof()) throw Error("cannot read script", path, errno);
  return content;
}

}  // namespace

void inspect_on_terminal(const InspectRequest& request, OpenedSource& opened) {
  const HeldSignals signals;
  inspect_with([&](const AppFeed& feed) { run_app(feed, signals); }, request, opened);
}

void inspect_by_script(const InspectRequest& request, OpenedSource& opened, Output& output) {
  const Script script = parse_script(content_of(request.script), request.script);
  const auto show = [&](std::string_view screen) {
    output.write(screen);
    output.flush();
  };
  inspect_with([&](const AppFeed& feed) { play_script(feed, script, show); }, request, opened);
  if (const auto& failure = output.failure()) throw Error(*failure);
}

}  // namespace wireseam
