# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT, a C++ file that compares each row of the FILES (constants*.def) with the machine's
# headers, where these have it: a macro can't ask whether another one is defined, #ifdef can.
set(checks "")
foreach(file IN LISTS FILES)
  file(STRINGS ${file} rows REGEX "^CONSTANT\\(")
  foreach(row IN LISTS rows)
    string(REGEX REPLACE "^CONSTANT\\([^,]*, ([^,]*), ([^)]*)\\)$" "\\1;\\2" parts "${row}")
    list(GET parts 0 name)
    list(GET parts 1 value)
    if(NOT name MATCHES "^[A-Za-z_0-9]+$")  # 1<<TCP_CLOSE: what strace makes of one
      continue()
    endif()
    string(APPEND checks
      "#ifdef ${name}\n  compare(\"${name}\", ${value}, static_cast<long long>(${name}));\n#endif\n")
  endforeach()
endforeach()

file(WRITE ${OUTPUT} "// Made from constants.def.
#include \"tests/unit/trace/constant_headers.h\"

#include <string>
#include <vector>

std::vector<std::string> constants_unlike_headers() {
  std::vector<std::string> unlike;
  const auto compare = [&](const char* name, long long ours, long long theirs) {
    // The same bits: some headers have flags as int, some as unsigned int.
    if (static_cast<unsigned>(ours) != static_cast<unsigned>(theirs)) unlike.push_back(name);
  };
${checks}  return unlike;
}
")
