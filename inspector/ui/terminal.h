// SPDX-License-Identifier: Apache-2.0
// The user's terminal, by ncurses: shows canvases, reads keys, and is left as it was found, however
// the program ends. There is one at a time, in one thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "inspector/ui/canvas.h"
#include "inspector/ui/key.h"

namespace wireseam {

class Terminal {
 public:
  // Throws Error where there is none, or one that can't move its cursor.
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int fd() const;  // readable when there is a key
  Size size() const;
  Charset charset() const;

  void show(const Canvas& canvas);
  // All cells anew, for what something else has written over.
  void redraw();
  // No value: no key so far.
  std::optional<Key> read_key();
  // The window has another size.
  void resize();
  // Gives the terminal back to the shell, and takes it again.
  void leave();
  void enter();
  // To the terminal's clipboard (OSC 52), where it has one.
  void copy(std::string_view text);

 private:
  struct Curses;
  std::unique_ptr<Curses> curses_;
};

}  // namespace wireseam
