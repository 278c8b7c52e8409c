// SPDX-License-Identifier: Apache-2.0
// The json-header framing. The text is read as events, never as a tree: however deep a peer nests
// its JSON, nothing here recurses, and what is kept does not grow with it.
#include "common/framing/json_header.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/framing/length_field.h"

namespace wireseam {
namespace {

constexpr size_t kPrefixSize = 4;

// Collects the members of the outermost object.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonHeader header;
  std::optional<Malformed> flaw = Malformed{0, Flaw::TotalSizeMissing};

  bool null() override { return scalar(); }
  bool boolean(bool) override { return scalar(); }
  bool binary(binary_t&) override { return scalar(); }

  bool number_unsigned(number_unsigned_t value) override {
    if (is_member("total_size")) {
      flaw.reset();
      if (value > kMaxTotalSize) flaw = Malformed{0, Flaw::TotalSizeTooLarge, value, kMaxTotalSize};
      header.total_size = value;
      return true;
    }
    if (is_member("status"))
      header.status = value <= std::numeric_limits<int>::max()
                          ? std::optional<int>(static_cast<int>(value))
                          : std::nullopt;
    return scalar();
  }

  bool number_integer(number_integer_t value) override {
    if (is_member("total_size"))
      flaw = Malformed{0, Flaw::TotalSizeNegative, static_cast<uint64_t>(value)};
    if (is_member("status") && value >= std::numeric_limits<int>::min())
      header.status = static_cast<int>(value);
    return not_an_object();
  }

  // Integers that fit in no 64 bits arrive here too, with their text.
  bool number_float(number_float_t, const string_t& text) override {
    if (is_member("total_size")) {
      const bool integer = text.find_first_of(".eE") == std::string::npos;
      flaw = Malformed{0, !integer         ? Flaw::TotalSizeFraction
                          : text[0] == '-' ? Flaw::TotalSizeNegative
                                           : Flaw::TotalSizeTooLarge};
    }
    return not_an_object();
  }

  bool string(string_t& value) override {
    if (is_member("md5")) header.md5 = value;
    if (is_member("filename")) header.filename = value;
    return scalar();
  }

  bool start_object(std::size_t) override {
    if (depth_ > 0) scalar();
    ++depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    if (!scalar()) return false;
    ++depth_;
    return true;
  }
  bool end_object() override { return --depth_, true; }
  bool end_array() override { return --depth_, true; }
  bool key(string_t& value) override {
    if (depth_ == 1) key_ = value;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    flaw = Malformed{position > 0 ? position - 1 : 0, Flaw::HeaderNotJson};
    return false;
  }

 private:
  bool is_member(const char* name) const { return depth_ == 1 && key_ == name; }

  bool scalar() {
    if (is_member("total_size")) flaw = Malformed{0, Flaw::TotalSizeNotNumber};
    return not_an_object();
  }

  bool not_an_object() {
    if (depth_ > 0) return true;
    flaw = Malformed{0, Flaw::HeaderNotObject};
    return false;
  }

  size_t depth_ = 0;
  std::string key_;
};

}  // namespace

std::variant<JsonHeader, Malformed> parse_json_header(Bytes json) {
  HeaderReader reader;
  const auto* text = reinterpret_cast<const char*>(json.data());
  nlohmann::json::sax_parse(text, text + json.size(), &reader);
  if (reader.flaw) return *reader.flaw;
  return std::move(reader.header);
}

std::string encode_json_header(const JsonHeader& header) {
  nlohmann::ordered_json object;
  object["total_size"] = header.total_size;
  object["md5"] = header.md5;
  object["filename"] = header.filename;
  if (header.status) object["status"] = *header.status;
  const std::string json =
      object.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
  return encode_len32le_header(json.size()) + json;
}

CutResult cut_json_header(const Shape& shape, Bytes window) {
  const CutResult prefix = cut_length_field(shape, window);
  const auto* extent = std::get_if<FrameExtent>(&prefix);
  if (extent == nullptr) return prefix;
  if (window.size() < extent->size) return NeedMore{extent->size};
  auto header = parse_json_header(window.subspan(kPrefixSize, extent->body_size));
  if (auto* malformed = std::get_if<Malformed>(&header)) {
    malformed->offset += kPrefixSize;
    return *malformed;
  }
  const uint64_t body_size = std::get<JsonHeader>(header).total_size;
  return FrameExtent{
      .size = extent->size + body_size, .body_offset = extent->size, .body_size = body_size};
}

}  // namespace wireseam
