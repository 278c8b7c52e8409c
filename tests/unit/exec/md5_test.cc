// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/md5.h"

#include "tests/unit/catch2.h"

using namespace wireseam::samples;

TEST_CASE("the digests are those of RFC 1321's test suite") {
  CHECK(md5_of("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(md5_of("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(md5_of("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST_CASE("a digest does not depend on where the text is cut") {
  Md5 md5;
  md5.update("mess");
  md5.update("");
  md5.update("age digest");
  CHECK(md5.hex() == md5_of("message digest"));
}

TEST_CASE("digests are the same in upper case") {
  CHECK(is_same_md5("900150983CD24FB0D6963F7D28E17F72", md5_of("abc")));
  CHECK_FALSE(is_same_md5("900150983CD24FB0D6963F7D28E17F7", md5_of("abc")));
  CHECK_FALSE(is_same_md5("", md5_of("abc")));
}
