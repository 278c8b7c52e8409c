// SPDX-License-Identifier: Apache-2.0
// One of the screens. What it draws depends on the session, on what is in focus on all screens, and
// on its own state alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "inspector/session/session.h"
#include "inspector/ui/action.h"
#include "inspector/ui/canvas.h"
#include "inspector/ui/display_filter.h"
#include "inspector/ui/screen_selection.h"

namespace wireseam {

// How far the lists go: to all that there is, or to what there was when the user asked for a pause.
struct Horizon {
  uint64_t packets = UINT64_MAX;  // indexes, not included
  uint64_t segments = UINT64_MAX;
  uint64_t frames = UINT64_MAX;
  uint64_t calls = UINT64_MAX;
  uint64_t messages = UINT64_MAX;

  bool is_set() const { return packets != UINT64_MAX; }
};

// What the screens have in common.
struct Focus {
  uint64_t connection = 0;       // that was entered; 0: none
  uint64_t packet = 0;           // that was entered
  std::optional<uint64_t> call;  // the same, by its index
  Horizon horizon;
  DisplayFilter filter;
  std::string search;

  bool is_paused() const { return horizon.is_set(); }
};

// Where the cursor stands at first: in what is growing, with the newest.
enum class Start : uint8_t { First, Newest };

// What an action led to.
enum class Outcome : uint8_t {
  Ignored,
  Done,
  Enter,  // to the next screen, with a focus that was set
};

class Screen {
 public:
  virtual ~Screen() = default;

  virtual std::string title(const Session& session, const Focus& focus) const = 0;

  // Settles on what there is by now, in so much room. Before each action and each drawing.
  virtual void update(const Session& session, const Focus& focus, Size size) = 0;
  virtual void draw(const Session& session, const Focus& focus, const Area& area) const = 0;

  // `count`: the number before it, 0 where there was none.
  virtual Outcome act(Action action, uint64_t count, const Session& session, Focus& focus) = 0;

  // Searches from the cursor on, in a direction; false: there is none.
  virtual bool search(const Session&, const Focus&, Action /*next or previous*/) { return false; }

  // The cursor's line: its key for a mark, its text for the clipboard.
  virtual std::optional<uint64_t> key() const { return std::nullopt; }
  virtual bool go_to_key(uint64_t /*key*/) { return false; }
  virtual std::string selected_text(const Session&) const { return {}; }
  // What is to be written to a file.
  virtual ScreenSelection selection(const Session&, const Focus&) const { return {}; }
  // To the line that is about this packet, if there is one.
  virtual void go_to_packet(const Session&, const Focus&, uint64_t /*packet*/) {}
  // The same for a call.
  virtual void go_to_call(const Session&, const Focus&, uint64_t /*index*/) {}
  virtual bool follows() const { return false; }
  virtual void click(int /*row*/, int /*column*/) {}
  // There is another filter or connection: all that was collected is void.
  virtual void reset(Start /*start*/) {}
};

}  // namespace wireseam
