// SPDX-License-Identifier: Apache-2.0
// Tells what a web browser sends from commands: any page can have it send a request to a port of
// this host, with a body that the page chooses. No such thing may reach the shell.
#pragma once

#include <string_view>

namespace wireseam::samples {

// Whether it begins with a request line of HTTP (RFC 9112, 3), even if that is not there to its
// end.
bool begins_like_http(std::string_view bytes);

// Whether its first line is no command but a field of a header (RFC 9112, 5): "Host: localhost".
bool begins_with_header_field(std::string_view bytes);

}  // namespace wireseam::samples
