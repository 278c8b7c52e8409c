// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/terminal.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>

#include "common/error.h"
#include "inspector/ui/terminal_colors.h"
#include "inspector/ui/terminal_rescue.h"

// They get in the way of the names of others.
#undef lines
#undef columns

namespace wireseam {
namespace {

constexpr int kEscapeDelayMs = 25;       // an Esc that nothing follows for so long is the key
constexpr size_t kLongestCopy = 74'994;  // bytes that xterm takes

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileClose>;

// Standard input may be the capture. Without a controlling terminal there may be one all the same.
File open_terminal(const char* mode, int flags) {
  int fd = open("/dev/tty", flags | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) throw Error("cannot open terminal", "/dev/tty", errno);
  return File(fdopen(fd, mode));
}

char32_t named_key(wint_t code) {
  switch (code) {
    case KEY_UP:
      return kKeyUp;
    case KEY_DOWN:
      return kKeyDown;
    case KEY_LEFT:
      return kKeyLeft;
    case KEY_RIGHT:
      return kKeyRight;
    case KEY_PPAGE:
      return kKeyPageUp;
    case KEY_NPAGE:
      return kKeyPageDown;
    case KEY_HOME:
      return kKeyHome;
    case KEY_END:
      return kKeyEnd;
    case KEY_BACKSPACE:
      return kKeyBackspace;
    case KEY_DC:
      return kKeyDelete;
    case KEY_BTAB:
      return kKeyShiftTab;
    case KEY_ENTER:
      return kKeyEnter;
    default:
      break;
  }
  if (code >= KEY_F(1) && code <= KEY_F(12)) return kKeyF1 + (code - KEY_F(1));
  return 0;
}

std::optional<Key> mouse_key() {
  MEVENT event{};
  if (getmouse(&event) != OK) return std::nullopt;
  Key key{0, event.y, event.x};
  if ((event.bstate & BUTTON4_PRESSED) != 0)
    key.code = kKeyWheelUp;
  else if ((event.bstate & BUTTON5_PRESSED) != 0)
    key.code = kKeyWheelDown;
  else if ((event.bstate & BUTTON1_DOUBLE_CLICKED) != 0)
    key.code = kKeyDoubleClick;
  else if ((event.bstate & (BUTTON1_CLICKED | BUTTON1_PRESSED)) != 0)
    key.code = kKeyClick;
  return key.code == 0 ? std::nullopt : std::optional(key);
}

Key character_key(wint_t code) {
  if (code == '\n') return {kKeyEnter};
  if (code == 127 || code == 8) return {kKeyBackspace};
  return {static_cast<char32_t>(code)};
}

std::string base64(std::string_view text) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < text.size(); i += 3) {
    const auto byte = [&](size_t at) {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) out += kDigits[bits >> shift & 63U];
  }
  const size_t padding = (3 - text.size() % 3) % 3;
  return out.replace(out.size() - padding, padding, padding, '=');
}

// What ends the use of mouse, colours and the second screen.
std::string leaving_sequence() {
  std::string sequence;
  for (const char* part : {orig_pair, exit_attribute_mode, cursor_normal, exit_ca_mode})
    if (part != nullptr) sequence += part;
  return "\033[?1006;1000l" + sequence;
}

}  // namespace

struct Terminal::Curses {
  Curses() = default;
  ~Curses() {
    if (screen == nullptr) return;
    endwin();
    delscreen(screen);
  }
  Curses(const Curses&) = delete;
  Curses& operator=(const Curses&) = delete;

  File in = open_terminal("r", O_RDONLY);
  File out = open_terminal("w", O_WRONLY);
  TerminalRescue rescue{fileno(out.get())};
  SCREEN* screen = nullptr;
  Charset charset = Charset::Ascii;
};

Terminal::Terminal() : curses_(std::make_unique<Curses>()) {
  curses_->charset = charset_of_locale();
  curses_->screen = newterm(nullptr, curses_->out.get(), curses_->in.get());
  const char* name = std::getenv("TERM");
  if (curses_->screen == nullptr || cursor_address == nullptr)
    throw Error("the terminal '" + std::string(name == nullptr ? "" : name) +
                "' (TERM) can't show screens")
        .with_cure("--text and --json need none");
  set_term(curses_->screen);
  raw();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  set_escdelay(kEscapeDelayMs);
  mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED |
                BUTTON5_PRESSED,
            nullptr);
  mouseinterval(0);
  curs_set(0);
  prepare_colors();
  curses_->rescue.arm(leaving_sequence());
}

Terminal::~Terminal() = default;

int Terminal::fd() const { return fileno(curses_->in.get()); }

Size Terminal::size() const { return {getmaxy(stdscr), getmaxx(stdscr)}; }

Charset Terminal::charset() const { return curses_->charset; }

void Terminal::show(const Canvas& canvas) {
  for (int row = 0; row < canvas.size().rows; ++row) {
    for (int column = 0; column < canvas.size().columns; ++column) {
      const Cell& cell = canvas.at(row, column);
      if (cell.glyph == 0) continue;
      const Attributes look = attributes_of(cell.style);
      const std::array<wchar_t, 2> text = {static_cast<wchar_t>(cell.glyph), L'\0'};
      cchar_t character{};
      setcchar(&character, text.data(), static_cast<attr_t>(look.attributes), look.pair, nullptr);
      mvadd_wch(row, column, &character);
    }
  }
  refresh();
}

void Terminal::redraw() { clearok(stdscr, TRUE); }

// What is no key (another size, a button that is let go) may have keys behind it.
std::optional<Key> Terminal::read_key() {
  wint_t code = 0;
  for (int status = get_wch(&code); status != ERR; status = get_wch(&code)) {
    if (status == OK) return character_key(code);
    if (code == KEY_RESIZE) continue;
    if (code != KEY_MOUSE) return Key{named_key(code)};
    if (const auto key = mouse_key()) return key;
  }
  return std::nullopt;
}

void Terminal::resize() {
  winsize window{};
  if (ioctl(fd(), TIOCGWINSZ, &window) != 0 || window.ws_row == 0) return;
  resizeterm(window.ws_row, window.ws_col);
  redraw();
}

void Terminal::leave() { endwin(); }

// Whoever was stopped without a warning (SIGSTOP) has not left it.
void Terminal::enter() {
  reset_prog_mode();
  resize();
  redraw();
  refresh();
}

void Terminal::copy(std::string_view text) {
  const std::string sequence = "\033]52;c;" + base64(text.substr(0, kLongestCopy)) + "\a";
  std::fputs(sequence.c_str(), curses_->out.get());
  std::fflush(curses_->out.get());
}

}  // namespace wireseam
