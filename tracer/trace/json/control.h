// SPDX-License-Identifier: Apache-2.0
// Control messages (cmsg(3)) as JSON.
#pragma once

#include "tracer/trace/json/value.h"

namespace wireseam::json {

// [{"cmsg_len":20,"cmsg_level":"SOL_SOCKET","cmsg_type":"SCM_RIGHTS","cmsg_data":[7]}]
void write_control(JsonWriter& out, Bytes control);

// {"pid":1,"uid":0,"gid":0} of a struct ucred, which must be there.
void write_credentials(JsonWriter& out, Bytes value);

}  // namespace wireseam::json
