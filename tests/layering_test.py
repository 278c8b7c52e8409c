#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every file keeps to the arrows of docs/ARCHITECTURE.md (who may include whom, and
which libraries), and a few rules about files as such. Prints a line for each breach.

    tests/layering_test.py              checks this checkout
    tests/layering_test.py --self-test  checks that it finds what it forbids
"""

import fnmatch
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("common", "tracer", "inspector", "record", "demo", "cli", "samples", "tests")
MAX_LINES = 450

# The arrows: files, what they may include of ours, and of which libraries. The first row that
# matches a file counts. What lies in the row's own folder may always be included.
ARROWS = [
    ("common/framing/*", ["common/*"], ["nlohmann"]),
    ("common/output/*", ["common/*"], []),
    ("common/*", [], []),
    (
        "tracer/shim/*",
        [
            "tracer/trace/format.h",
            "tracer/trace/kinds.h",
            "tracer/trace/calls.def",
            "tracer/trace/program_file.h",
        ],
        [],
    ),
    ("tracer/trace/json*", ["common/*"], ["fmt", "nlohmann"]),
    ("tracer/trace/*", ["common/*"], ["fmt"]),
    ("tracer/collect/*", ["tracer/trace/*", "common/*"], ["fmt"]),
    ("tracer/compare/*", ["tracer/trace/*", "common/*"], ["fmt"]),
    (
        "tracer/run/*",
        ["tracer/collect/*", "tracer/compare/*", "tracer/trace/*", "common/*"],
        [],
    ),
    ("inspector/capture/*", ["common/*"], ["pcap"]),
    ("inspector/decode/*", ["common/*"], []),
    ("inspector/frame/*", ["common/*"], []),
    ("inspector/flow/*", ["inspector/decode/*", "common/*"], ["absl"]),
    (
        "inspector/join/*",
        ["inspector/decode/*", "inspector/flow/*", "inspector/frame/*", "tracer/trace/*", "common/*"],
        [],
    ),
    (
        "inspector/engine/*",
        ["inspector/decode/*", "inspector/flow/*", "inspector/join/*", "common/*"],
        [],
    ),
    (
        "inspector/report/*",
        ["inspector/decode/*", "inspector/flow/*", "inspector/frame/*", "inspector/join/*", "common/*"],
        ["fmt", "nlohmann"],
    ),
    (
        "inspector/recording/*",
        ["inspector/capture/*", "inspector/decode/*", "tracer/trace/*", "common/*"],
        ["nlohmann"],
    ),
    (
        "inspector/run/*",
        ["inspector/*", "tracer/trace/*", "common/*"],
        [],
    ),
    (
        "inspector/session/*",
        [
            "inspector/decode/*",
            "inspector/flow/*",
            "inspector/frame/*",
            "inspector/join/*",
            "common/*",
        ],
        [],
    ),
    (
        "inspector/ui/terminal*",
        ["inspector/session/*", "inspector/join/*", "common/*"],
        ["curses"],
    ),
    (
        "inspector/ui/*",
        ["inspector/session/*", "inspector/join/*", "common/*"],
        ["fmt", "nlohmann"],
    ),
    ("samples/auth*", ["common/*"], ["CLI", "fmt", "openssl"]),
    ("samples/exec/md5*", ["samples/*", "common/*"], ["fmt", "openssl"]),
    ("samples/exec/*", ["samples/*", "common/*"], ["CLI", "fmt"]),
    ("samples/*", ["common/*"], ["CLI", "fmt"]),
    (
        "record/*",
        [
            "inspector/capture/*",
            "inspector/decode/*",
            "inspector/recording/*",
            "tracer/collect/*",
            "tracer/trace/*",
            "common/*",
        ],
        [],
    ),
    ("demo/player/*", ["common/*"], []),
    (
        "demo/*",
        [
            "inspector/flow/*",
            "inspector/join/*",
            "inspector/recording/*",
            "inspector/report/*",
            "inspector/run/*",
            "record/*",
            "tracer/trace/*",
            "common/*",
        ],
        ["fmt"],
    ),
    ("cli/*", ["demo/*", "record/*", "tracer/*", "inspector/*", "common/*"], ["CLI"]),
    ("tests/*", ["*"], ["*"]),
]

# <header>s of libraries, by pattern; every other header with a folder must be the system's.
LIBRARIES = {
    "absl/*": "absl",
    "catch2/*": "catch2",
    "CLI/*": "CLI",
    "curses.h": "curses",
    "term.h": "curses",
    "ncurses*": "curses",
    "fmt/*": "fmt",
    "nlohmann/*": "nlohmann",
    "openssl/*": "openssl",
    "pcap*": "pcap",
    "vterm*": "vterm",
}
SYSTEM_FOLDERS = "arpa asm bits linux net netinet netpacket rpc sanitizer sys"

# The only header of a library that a header of ours may include: forward declarations.
LIBRARY_HEADERS_IN_HEADERS = ["nlohmann/json_fwd.hpp"]

# Newer standard libraries bring these names in fewer headers than g++ 12's does.
FIXED_WIDTH = re.compile(r"\bu?int(8|16|32|64)_t\b")
FIXED_WIDTH_HEADERS = {"cstdint", "stdint.h", "netinet/in.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def matches(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def arrow(path):
    """The (ours, libraries) that `path` may include; None where the table has no row."""
    for files, ours, libraries in ARROWS:
        if fnmatch.fnmatchcase(path, files):
            return ours + [files.rpartition("/")[0] + "/*"], libraries
    return None


def library_of(header):
    """The library that brings <header>, None for the system and the language."""
    for pattern, library in LIBRARIES.items():
        if fnmatch.fnmatchcase(header, pattern):
            return library
    folder, slash, _ = header.partition("/")
    return f"unknown:{folder}" if slash and folder not in SYSTEM_FOLDERS.split() else None


def breach_of_own(root, path, header, ours):
    if not (root / header).is_file():
        return f'"{header}": no such file; includes are written from the top folder'
    if matches(header, ours):
        return None
    return f'"{header}": {path.rpartition("/")[0]} may not include it'


def breach_of_library(path, header, libraries):
    library = library_of(header)
    if library is None:
        return None
    if not matches(library, libraries):
        return f"<{header}>: {path} may not use {library}"
    in_header = path.endswith(".h") and not path.startswith("tests/")
    if in_header and header not in LIBRARY_HEADERS_IN_HEADERS:
        return f"<{header}>: a library's header in a header of ours"
    return None


def breaches_of_includes(root, path, lines):
    allowed = arrow(path)
    if allowed is None:
        yield 1, "this folder has no row in the table of arrows"
        return
    ours, libraries = allowed
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        if not include:
            continue
        if include[1] == '"':
            breach = breach_of_own(root, path, include[2], ours)
        else:
            breach = breach_of_library(path, include[2], libraries)
        if breach:
            yield number, breach


def seen_from(root, path, seen=None):
    """The <headers> that `path` includes, itself or by our own headers."""
    seen = seen if seen is not None else set()
    headers = set()
    if path in seen or not (root / path).is_file():
        return headers
    seen.add(path)
    for line in (root / path).read_text(encoding="utf-8").splitlines():
        include = INCLUDE.match(line)
        if include and include[1] == "<":
            headers.add(include[2])
        elif include:
            headers |= seen_from(root, include[2], seen)
    return headers


def breaches_of_width(root, path, lines):
    """Headers only: each must compile wherever it is included first."""
    for number, line in enumerate(lines, 1):
        if path.endswith(".h") and FIXED_WIDTH.search(line.partition("//")[0]):
            if not seen_from(root, path) & FIXED_WIDTH_HEADERS:
                yield number, "an integer of fixed width, and no <cstdint>"
            return


def breaches_of_form(path, lines):
    # A script's first line says who runs it.
    first = 1 if lines and lines[0].startswith("#!") else 0
    if "SPDX-License-Identifier: Apache-2.0" not in "".join(lines[first : first + 1]):
        yield first + 1, "no SPDX line here"
    if path.endswith(".h") and "#pragma once" not in lines:
        yield 1, "no #pragma once"
    if len(lines) > MAX_LINES and not path.endswith(".def"):
        yield MAX_LINES, f"{len(lines)} lines: look for the second file hiding in this one"


def sources(root):
    """Every source file of ours below `root`, relative to it."""
    kinds = (".h", ".cc", ".c", ".def", ".py", ".sh", ".cmake", "")
    for folder in FOLDERS + ("cmake", "scripts", ".ci"):
        for path in sorted((root / folder).rglob("*")):
            if "corpus" in path.parts:
                continue  # a fuzzer's inputs may be anything
            if path.is_file() and (path.suffix in kinds or path.name == "CMakeLists.txt"):
                yield path.relative_to(root).as_posix()


def breaches(root):
    for path in sources(root):
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        found = list(breaches_of_form(path, lines))
        if path.startswith(FOLDERS) and path.endswith((".h", ".cc", ".c", ".def")):
            found += breaches_of_includes(root, path, lines)
            found += breaches_of_width(root, path, lines)
        for number, breach in found:
            yield f"{path}:{number}: {breach}"


SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
HEADER = SPDX + "#pragma once\n"

# What the self-test writes, and a part of the one breach that must be found; None where all is well.
CASES = [
    ("common/fd.h", HEADER + "#include <sys/socket.h>\n#include <vector>\n", None),
    ("common/up.cc", SPDX + '#include "tracer/trace/event.h"\n', "common may not include it"),
    ("tracer/trace/event.h", HEADER + '#include "common/fd.h"\n', None),
    ("tracer/trace/format.h", HEADER, None),
    ("tracer/shim/hooks.cc", SPDX + '#include "tracer/trace/format.h"\n', None),
    ("tracer/shim/greedy.cc", SPDX + '#include "tracer/trace/event.h"\n', "may not include it"),
    ("tracer/collect/late.cc", SPDX + "#include <pcap/pcap.h>\n", "may not use pcap"),
    ("inspector/capture/live.cc", SPDX + "#include <pcap/pcap.h>\n", None),
    ("inspector/capture/live.h", HEADER + "#include <pcap/pcap.h>\n", "in a header of ours"),
    ("inspector/join/session.h", HEADER + '#include "inspector/frame/frame.h"\n', None),
    ("inspector/frame/frame.h", HEADER + "#  include <nlohmann/json_fwd.hpp>\n", "may not use"),
    ("inspector/report/json.h", HEADER + "#include <nlohmann/json_fwd.hpp>\n", None),
    ("inspector/report/near.cc", SPDX + '#include "json.h"\n', "no such file"),
    ("inspector/new/x.cc", SPDX, "no row in the table"),
    ("samples/echo.cc", SPDX + "#include <openssl/evp.h>\n", "may not use openssl"),
    ("samples/zip.cc", SPDX + "#include <zstd/zstd.h>\n", "may not use unknown:zstd"),
    ("cli/main.cc", SPDX + '#include "samples/echo.cc"\n', "cli may not include it"),
    ("tests/unit/a.cc", SPDX + "#include <catch2/catch.hpp>\n", None),
    ("common/narrow.h", HEADER + "#include <vector>\nuint8_t narrow;\n", "no <cstdint>"),
    ("common/wide.h", HEADER + "#include <cstdint>\nuint64_t wide;\n", None),
    ("common/wider.h", HEADER + '#include "common/wide.h"\nuint64_t wider;\n', None),
    ("common/bare.cc", "int x;\n", "no SPDX line"),
    ("common/twice.h", SPDX, "no #pragma once"),
    ("common/long.cc", SPDX + "\n" * MAX_LINES, "451 lines"),
    ("scripts/run", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n", None),
]


def self_test():
    """The cases that went wrong, a text each."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text, _ in CASES:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        found = list(breaches(root))
    for path, _, expected in CASES:
        about = [breach for breach in found if breach.startswith(path + ":")]
        right = len(about) == 1 and expected in about[0] if expected else not about
        if not right:
            yield f"{path}: expected {expected or 'no breach'}, found {about}"


def main():
    wrong = list(self_test() if sys.argv[1:] == ["--self-test"] else breaches(ROOT))
    for text in wrong:
        print(text)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
