// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/inspect_terminal.h"

#include <optional>

#include "inspector/capture/drop_privileges.h"
#include "inspector/run/session_feed.h"
#include "inspector/run/written_selection.h"
#include "inspector/ui/app.h"

namespace wireseam {
namespace {

constexpr size_t kMemory = size_t{256} << 20;

}  // namespace

void inspect_on_terminal(const InspectRequest& request, OpenedSource& opened) {
  if (opened.pace == Pace::Live) drop_privileges();
  const HeldSignals signals;
  std::optional<PacketWriter> keeper;
  if (!request.keep.empty()) keeper.emplace(request.keep, opened.packets->link_type());
  const size_t memory = request.memory.value_or(kMemory);
  SharedSession session(memory);
  const FeedOptions options{.framing = opened.framing,
                            .limits = FlowLimits::of_memory(memory / 2),
                            .live = opened.pace == Pace::Live};
  SessionFeed feed(*opened.packets, session, options, keeper ? &*keeper : nullptr);
  const std::string name = request.interface.empty() ? request.file : request.interface;
  run_app({.session = session,
           .name = name,
           .live = options.live,
           .changed_fd = feed.changed_fd(),
           .accept_change = [&] { feed.accept_change(); },
           .stop = [&] { feed.stop(); },
           .write =
               [&](const Session& seen, const ScreenSelection& selection, const std::string& file) {
                 return write_selection(seen, selection, file, opened.framing);
               }},
          signals);
  // Seen on the screen already; a script wants to know, too.
  if (options.live && feed.finished() && !opened.packets->flaw().empty())
    throw Error(opened.packets->flaw());
  if (keeper && !keeper->failure().empty()) throw Error(keeper->failure());
}

}  // namespace wireseam
