// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/display_filter.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <iterator>
#include <optional>
#include <vector>

#include "common/error.h"
#include "inspector/join/names.h"

namespace wireseam {

using Subject = FilterSubject;

struct DisplayFilter::Term {
  std::function<bool(const Subject&)> selects;
};

namespace {

using Term = DisplayFilter::Term;
using TermPointer = std::shared_ptr<const Term>;

template <typename Value>
uint64_t both(const ConnectionRecord& connection, Value HalfRecord::*value) {
  return connection.half(Direction::ToServer).*value + connection.half(Direction::ToClient).*value;
}

// What has a number: of the connection, unless it is said otherwise.
struct Property {
  std::string_view name;
  std::optional<double> (*value)(const Subject&);
};

template <uint64_t (*count)(const ConnectionRecord&)>
std::optional<double> of_connection(const Subject& subject) {
  if (subject.connection == nullptr) return std::nullopt;
  return static_cast<double>(count(*subject.connection));
}

constexpr Property kProperties[] = {
    {"connection", of_connection<[](const ConnectionRecord& c) { return c.id; }>},
    {"packets",
     of_connection<[](const ConnectionRecord& c) { return both(c, &HalfRecord::packets); }>},
    {"segments",
     of_connection<[](const ConnectionRecord& c) { return both(c, &HalfRecord::segments); }>},
    {"bytes", of_connection<[](const ConnectionRecord& c) { return both(c, &HalfRecord::bytes); }>},
    {"frames",
     of_connection<[](const ConnectionRecord& c) { return both(c, &HalfRecord::frames); }>},
    {"retransmissions", of_connection<[](const ConnectionRecord& c) {
       return both(c, &HalfRecord::resent_segments);
     }>},
    {"problems", of_connection<[](const ConnectionRecord& c) { return c.problems; }>},
    {"notes", of_connection<[](const ConnectionRecord& c) { return c.notes; }>},
    {"rtt",  // milliseconds
     [](const Subject& subject) -> std::optional<double> {
       if (subject.connection == nullptr || subject.connection->rtt_ns == 0) return std::nullopt;
       return static_cast<double>(subject.connection->rtt_ns) / 1e6;
     }},
    {"length",  // of the packet or the frame
     [](const Subject& subject) -> std::optional<double> {
       if (subject.segment == nullptr && subject.frame == nullptr && subject.length == 0)
         return std::nullopt;
       return static_cast<double>(subject.length);
     }},
    {"payload",  // of the packet
     [](const Subject& subject) -> std::optional<double> {
       if (subject.segment == nullptr) return std::nullopt;
       return static_cast<double>(subject.segment->segment.range.size());
     }},
    {"pid",  // of the call
     [](const Subject& subject) -> std::optional<double> {
       if (subject.call == nullptr) return std::nullopt;
       return subject.call->pid;
     }},
};

struct Comparison {
  std::string_view text;
  bool (*holds)(double, double);
};

constexpr Comparison kComparisons[] = {
    {">=", [](double a, double b) { return a >= b; }},
    {"<=", [](double a, double b) { return a <= b; }},
    {"!=", [](double a, double b) { return a != b; }},
    {"==", [](double a, double b) { return a == b; }},
    {">", [](double a, double b) { return a > b; }},
    {"<", [](double a, double b) { return a < b; }},
    {"=", [](double a, double b) { return a == b; }},
};

bool has_port(const Subject& subject, uint64_t port) {
  const ConnectionRecord* connection = subject.connection;
  return connection != nullptr &&
         (connection->key.port_a == port || connection->key.port_b == port);
}

bool has_host(const Subject& subject, std::string_view host) {
  if (subject.connection == nullptr) return false;
  const IpVersion version = subject.connection->key.version;
  return address_text(subject.connection->client_end().address, version) == host ||
         address_text(subject.connection->server_end().address, version) == host;
}

bool is_note(const Subject& subject, std::string_view note) {
  if (subject.segment == nullptr) return false;
  return to_string(subject.segment->segment.cause) == note ||
         to_string(subject.segment->late_cause) == note;
}

bool is_call(const Subject& subject, std::string_view name) {
  return subject.call != nullptr && subject.call->name == name;
}

bool is_transport(const Subject& subject, Transport transport) {
  return subject.connection != nullptr && subject.connection->key.transport == transport;
}

bool has_problem(const Subject& subject) {
  if (subject.segment != nullptr) return is_problem(*subject.segment);
  if (subject.frame != nullptr) return is_problem(*subject.frame);
  if (subject.call != nullptr) return subject.call->problem;
  return subject.connection != nullptr && subject.connection->problems > 0;
}

// Reads  or := and {"or" and},  and := not {"and" not},  not := "not" not | "(" or ")" | test.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { advance(); }

  TermPointer parse() {
    TermPointer term = parse_or();
    if (!word_.empty()) fail("'and' or 'or' is needed before '" + word_ + "'");
    return term;
  }

 private:
  [[noreturn]] static void fail(const std::string& why) { throw Error("filter: " + why); }

  static TermPointer make(std::function<bool(const Subject&)> selects) {
    return std::make_shared<const Term>(Term{std::move(selects)});
  }

  void advance() {
    const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    const auto is_sign = [](char c) {
      return std::string_view("()<>=!").find(c) != std::string::npos;
    };
    while (!text_.empty() && is_space(text_.front())) text_.remove_prefix(1);
    size_t size = 0;
    if (!text_.empty() && is_sign(text_.front())) {
      size = text_.size() > 1 && text_[1] == '=' && text_[0] != '(' && text_[0] != ')' ? 2 : 1;
    } else {
      while (size < text_.size() && !is_space(text_[size]) && !is_sign(text_[size])) ++size;
    }
    word_ = text_.substr(0, size);
    text_.remove_prefix(size);
  }

  bool take(std::string_view word) {
    if (word_ != word) return false;
    advance();
    return true;
  }

  std::string take_operand(std::string_view of) {
    if (word_.empty()) fail("something is missing behind '" + std::string(of) + "'");
    std::string operand = word_;
    advance();
    return operand;
  }

  double take_number(std::string_view of) {
    const std::string word = take_operand(of);
    double number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size())
      fail("'" + word + "' behind '" + std::string(of) + "' is no number");
    return number;
  }

  TermPointer parse_or() {
    TermPointer left = parse_and();
    while (take("or") || take("|") || take("||")) {
      left = make([left, right = parse_and()](const Subject& subject) {
        return left->selects(subject) || right->selects(subject);
      });
    }
    return left;
  }

  TermPointer parse_and() {
    TermPointer left = parse_not();
    while (take("and") || take("&&")) {
      left = make([left, right = parse_not()](const Subject& subject) {
        return left->selects(subject) && right->selects(subject);
      });
    }
    return left;
  }

  TermPointer parse_not() {
    if (++depth_ > kDeepest) fail("too many parentheses");
    TermPointer term;
    if (take("not") || take("!")) {
      term =
          make([inner = parse_not()](const Subject& subject) { return !inner->selects(subject); });
    } else if (take("(")) {
      term = parse_or();
      if (!take(")")) fail("a ')' is missing");
    } else {
      term = parse_test();
    }
    --depth_;
    return term;
  }

  TermPointer parse_test() {
    if (take("tcp")) return make([](const Subject& s) { return is_transport(s, Transport::Tcp); });
    if (take("udp")) return make([](const Subject& s) { return is_transport(s, Transport::Udp); });
    if (take("problem")) return make(has_problem);
    if (take("port"))
      return make([port = static_cast<uint64_t>(std::max(0.0, take_number("port")))](
                      const Subject& s) { return has_port(s, port); });
    if (take("host"))
      return make([host = take_operand("host")](const Subject& s) { return has_host(s, host); });
    if (take("state"))
      return make([state = take_operand("state")](const Subject& s) {
        return s.connection != nullptr && s.connection->state == state;
      });
    if (take("note"))
      return make([note = take_operand("note")](const Subject& s) { return is_note(s, note); });
    if (take("call"))
      return make([name = take_operand("call")](const Subject& s) { return is_call(s, name); });
    return parse_comparison();
  }

  TermPointer parse_comparison() {
    const std::string name = take_operand("the filter's beginning");
    const auto* property = std::ranges::find(kProperties, name, &Property::name);
    if (property == std::end(kProperties))
      fail("'" + name + "' is nothing to filter by; try: tcp, port 80, host ADDRESS, frames > 3");
    const auto* comparison = std::ranges::find(kComparisons, word_, &Comparison::text);
    if (comparison == std::end(kComparisons)) fail("behind '" + name + "' comes <, > or =");
    advance();
    const double number = take_number(name);
    return make([property, comparison, number](const Subject& subject) {
      const auto value = property->value(subject);
      return value && comparison->holds(*value, number);
    });
  }

  static constexpr int kDeepest = 50;

  std::string_view text_;
  std::string word_;
  int depth_ = 0;
};

}  // namespace

DisplayFilter::DisplayFilter(std::string_view text) : text_(text) {
  if (std::ranges::all_of(text, [](unsigned char c) { return std::isspace(c) != 0; }))
    text_.clear();
  else
    root_ = Parser(text_).parse();
}

bool DisplayFilter::selects(const FilterSubject& subject) const {
  return root_ == nullptr || root_->selects(subject);
}

}  // namespace wireseam
