// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/web_request.h"

#include "tests/unit/catch2.h"

using namespace wireseam::samples;

TEST_CASE("what a browser sends is known by its first line") {
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: localhost:8080\r\n", "POST /x HTTP/1.0\n", "OPTIONS * HTTP/1.1",
        "POST /a/path/that/has/not/come/whole", "PRI * HTTP/2.0\r\n\r\nSM",
        "GET http://localhost:8080/ HTTP/1.1", "ANYTHING x HTTP/1.1"}) {
    CAPTURE(request);
    CHECK(begins_like_http(request));
  }
}

TEST_CASE("commands are no HTTP") {
  for (const char* command : {"ls -l", "GET", "PWD=/ ls", "HEAD", "echo GET / HTTP/1.1", "MAKE all",
                              "curl -d x http://localhost/ HTTP/", ""}) {
    CAPTURE(command);
    CHECK_FALSE(begins_like_http(command));
  }
}

TEST_CASE("a field of a header is no command") {
  CHECK(begins_with_header_field("Host: localhost:8080\r\nOrigin: null\r\n"));
  CHECK(begins_with_header_field("sec-fetch-mode: no-cors"));
  CHECK_FALSE(begins_with_header_field(": comment"));
  CHECK_FALSE(begins_with_header_field("echo a: b"));
  CHECK_FALSE(begins_with_header_field("ls; echo x:"));
}
