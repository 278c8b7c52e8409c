// SPDX-License-Identifier: Apache-2.0
// Prints a call whose arguments and blobs are anything. The input is a byte that chooses the call,
// a byte for its state and another for its flags, then errno, the result, the arguments and the
// blobs as a record has them.
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "tests/fuzz/fuzz.h"
#include "tracer/trace/text_printer.h"

using namespace wireseam;

namespace {

constexpr CallState kStates[] = {CallState::Returned, CallState::CutOff, CallState::Running};

// Takes values from the front of the input; what is missing at its end is zero.
class Input {
 public:
  explicit Input(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <typename T>
  T take() {
    T value{};
    const size_t size = std::min(sizeof value, rest_.size());
    if (size > 0) std::memcpy(&value, rest_.data(), size);
    rest_ = rest_.subspan(size);
    return value;
  }
  std::span<const std::byte> rest() const { return rest_; }

 private:
  std::span<const std::byte> rest_;
};

Event call_of(std::span<const std::byte> bytes) {
  Input input(bytes);
  CallEvent call;
  call.info = &all_calls()[input.take<uint8_t>() % all_calls().size()];
  call.number = call.info->number;
  call.state = kStates[input.take<uint8_t>() % std::size(kStates)];
  call.flags = input.take<uint8_t>();
  call.errnum = input.take<uint8_t>();
  call.result = input.take<int64_t>();
  call.duration_ns = 1000;
  call.arguments = input.take<std::array<uint64_t, kMaxArguments>>();
  call.blobs = Blobs(input.rest());
  return {.pid = 1, .tid = 1, .process = 1, .time_ns = 1000, .what = call};
}

std::array<TextOptions, 3> some_options() {
  std::array<TextOptions, 3> options;
  options[0].view = View::Syscall;
  options[1].descriptors = DescriptorDetail::Address;
  options[1].parameter_names = true;
  options[1].abbreviate = false;
  options[2].string_limit = 3;
  options[2].hex_strings = HexStrings::NonAscii;
  options[2].descriptors = DescriptorDetail::Socket;
  return options;
}

void print(const Event& event, const TextOptions& options) {
  Filter filter;
  filter.select_descriptors("!1000");
  filter.add_path("/x");
  TextPrinter printer(options, options.string_limit < 32 ? filter : Filter());
  printer.running(event);
  printer.event(event);
  printer.event(event);
  printer.finish();
  const std::string_view text = printer.text();
  require(text.empty() || text.ends_with('\n'), "the last line ends");
  require(std::ranges::all_of(text, [](char c) { return (c >= ' ' && c < 0x7f) || c == '\n'; }),
          "no byte of the program reaches the terminal as it is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const Event event = call_of(std::as_bytes(std::span(input, size)));
  for (const TextOptions& options : some_options()) print(event, options);
  return 0;
}
