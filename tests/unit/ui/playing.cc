// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ui/playing.h"

#include <clocale>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace wireseam::test {

void converse(Exchange& exchange) {
  exchange.shake_hands();
  exchange.from_client(kAck | kPsh, json_frame("{\"total_size\":2,\"filename\":\"a\"}", "hi"));
  const std::string answer =
      json_frame("{\"total_size\":4,\"md5\":\"0f\",\"filename\":\"\xc2\x9bK\\u001b\"}", "text");
  exchange.from_server(kAck, answer.substr(0, 20));
  exchange.from_server(kAck | kPsh, answer.substr(20));
  exchange.client_sends_again("hi");
  exchange.from_client(kFin | kAck);
  exchange.from_server(kFin | kAck);
  exchange.from_client(kAck);
  exchange.datagram("hello");
  exchange.raw(ethernet(0x0806, std::string(28, '\0')));
}

Playing::Playing(Size screen_size, size_t memory, Charset charset)
    : session(memory),
      exchange(session),
      view("small.pcap", Start::First),
      size(screen_size),
      charset_(charset) {
  // What is wide is the locale's affair.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  exchange.before = [this](const RawPacket& raw) { session.packet(raw); };
}

Request Playing::press(std::string_view keys) {
  Request last;
  std::istringstream words{std::string(keys)};
  for (std::string word; words >> word;) {
    last = view.key(parse_key(word).value(), session, size, now_ms_);
    now_ms_ += 10;
  }
  return last;
}

void Playing::type(std::string_view text) {
  for (const char c : text) view.key({static_cast<unsigned char>(c)}, session, size, now_ms_ += 10);
}

Canvas Playing::canvas() { return view.draw(session, size, charset_); }

std::string golden(const std::string& name, const std::string& text) {
  const std::string path = WIRESEAM_SOURCE_DIR "/tests/unit/ui/golden/" + name;
  if (std::getenv("WIRESEAM_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace wireseam::test
