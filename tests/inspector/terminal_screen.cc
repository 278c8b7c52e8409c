// SPDX-License-Identifier: Apache-2.0
// Prints what a terminal would show that was sent the bytes of standard input.
//
//   terminal_screen ROWS COLUMNS
#include <vterm.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

namespace {

struct Free {
  void operator()(VTerm* terminal) const { vterm_free(terminal); }
};

std::string row_text(VTermScreen* screen, int row, int columns) {
  const VTermRect line{row, row + 1, 0, columns};
  std::string text(static_cast<size_t>(columns) * 8, ' ');
  text.resize(vterm_screen_get_text(screen, text.data(), text.size(), line));
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: terminal_screen ROWS COLUMNS\n");
    return 2;
  }
  const int rows = std::atoi(argv[1]);
  const int columns = std::atoi(argv[2]);
  const std::unique_ptr<VTerm, Free> terminal(vterm_new(rows, columns));
  vterm_set_utf8(terminal.get(), 1);
  VTermScreen* screen = vterm_obtain_screen(terminal.get());
  vterm_screen_enable_altscreen(screen, 1);
  vterm_screen_reset(screen, 1);
  const std::string bytes(std::istreambuf_iterator<char>(std::cin), {});
  vterm_input_write(terminal.get(), bytes.data(), bytes.size());
  for (int row = 0; row < rows; ++row) std::printf("%s\n", row_text(screen, row, columns).c_str());
}
