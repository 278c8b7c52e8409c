// SPDX-License-Identifier: Apache-2.0
#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"

using namespace wireseam;

namespace {

std::string error_of(std::string_view text) {
  try {
    parse_framing(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string round_trip(std::string_view text) { return to_string(parse_framing(text)); }

}  // namespace

TEST_CASE("every framing is found by its name, and says its name") {
  for (const Framing& framing : all_framings()) {
    CAPTURE(framing.name);
    CHECK(to_string(framing) == framing.name);
    if (framing.name != "lf" && framing.name != "fixed")
      CHECK(round_trip(framing.name) == framing.name);
  }
}

TEST_CASE("the text of a framing has the parameters that differ from the name's own") {
  CHECK(round_trip("lf:width=4") == "lf:width=4");
  CHECK(round_trip("lf:offset=2,width=3,adjust=-1,order=le,max=100,strip=5") ==
        "lf:offset=2,width=3,adjust=-1,order=le,max=100,strip=5");
  CHECK(round_trip("lf:strip=1,trailer=2,mask=0xff,min=8,sign=signed,bare=2,digits=hex,width=20") ==
        "lf:width=20,strip=1,trailer=2,min=8,sign=signed,mask=255,digits=hex,bare=2");
  CHECK(round_trip("lf:width=4,offset=0,order=be,strip=0") == "lf:width=4,strip=0");
  CHECK(round_trip("varint:offset=1,width=4") == "varint:offset=1,width=4");
  CHECK(round_trip("line:end=nul,max=80") == "line:end=nul,max=80");
  CHECK(round_trip("line:end=newline") == "line");
  CHECK(round_trip("fixed:size=188") == "fixed:size=188");
  CHECK(round_trip("tls:max=100") == "tls:max=100");
  CHECK(round_trip("json-header:max=1000000") == "json-header:max=1000000");
}

TEST_CASE("a preset's only parameter is max") {
  CHECK(error_of("tls:offset=2") ==
        "framing 'tls:offset=2': 'offset' is no parameter of tls, but max");
  CHECK(error_of("raw:max=2") == "framing 'raw:max=2': raw takes no parameters");
}

TEST_CASE("an unknown name is an error that lists the known ones") {
  const std::string error = error_of("len23le");
  CHECK(
      error.starts_with("framing 'len23le': there is no 'len23le', but raw, len32le, json-header, "
                        "lf, line, varint,"));
  CHECK(error_of("").starts_with("framing '': there is no '', but raw"));
  CHECK(error_of("TLS").starts_with("framing 'TLS': there is no 'TLS', but raw"));
}

TEST_CASE("an unknown parameter is an error that lists the known ones") {
  CHECK(error_of("lf:width=4,ofset=1") ==
        "framing 'lf:width=4,ofset=1': 'ofset' is no parameter of lf, but offset, width, adjust, "
        "order, max, strip, trailer, min, sign, mask, digits, bare");
  CHECK(error_of("line:width=4") ==
        "framing 'line:width=4': 'width' is no parameter of line, but end, max");
  CHECK(error_of("lf:") ==
        "framing 'lf:': '' is no parameter of lf, but offset, width, adjust, "
        "order, max, strip, trailer, min, sign, mask, digits, bare");
  CHECK(error_of("lf:width=4,").starts_with("framing 'lf:width=4,': '' is no parameter of lf"));
}

TEST_CASE("a wrong value is an error that says what is allowed") {
  const auto [part, allowed] = GENERATE(table<std::string, std::string>({
      {"width=0", "width is a number from 1 to 20"},
      {"width=21", "width is a number from 1 to 20"},
      {"width=4x", "width is a number from 1 to 20"},
      {"width= 4", "width is a number from 1 to 20"},
      {"width=", "width is a number from 1 to 20"},
      {"width", "width is a number from 1 to 20"},
      {"offset=-1", "offset is a number from 0 to 65535"},
      {"adjust=2147483648", "adjust is a number from -2147483648 to 2147483647"},
      {"order=big", "order is be|le"},
      {"digits=octal", "digits is no|hex|dec"},
      {"max=0", "max is a number from 1 to 9223372036854775807"},
      {"max=9223372036854775808", "max is a number from 1 to 9223372036854775807"},
      {"mask=0x1ffffffffffffffff", "mask is a number from 1 to 18446744073709551615"},
  }));
  CHECK(error_of("lf:" + part) == "framing 'lf:" + part + "': '" + part + "' is wrong: " + allowed);
}

TEST_CASE("parameters that do not fit together are an error") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"lf", "width is missing"},
      {"lf:offset=1", "width is missing"},
      {"fixed", "size is missing"},
      {"lf:width=9", "the width of a binary length is 1 to 8 bytes"},
      {"varint:width=10", "the width of a varint is 1 to 9"},
      {"lf:width=4,offset=2,max=5", "max is below offset + width"},
      {"lf:width=4,strip=4,trailer=2,max=5", "max is below strip + trailer"},
      {"lf:width=4,min=20,max=10", "max is below min"},
      {"tls:max=4", "max is below offset + width"},
      {"lf:width=4,width=4", "'width' is given twice"},
  }));
  CHECK(error_of(text) == "framing '" + text + "': " + reason);
}

TEST_CASE("a description has all parameters, so that another framing can be made from it") {
  CHECK(describe(parse_framing("raw")) == "raw: no frames: each read is what it is");
  CHECK(describe(parse_framing("line")) ==
        "line: newline-delimited (LF or CR LF) (end=newline,max=1048576)");
  CHECK(describe(parse_framing("tls")) ==
        "tls: TLS records (RFC 8446, 5.1) (offset=3,width=2,adjust=0,order=be,max=18437,"
        "trailer=0,min=5,sign=unsigned,mask=18446744073709551615,digits=no,bare=0)");
}
