# SPDX-License-Identifier: Apache-2.0
# Compiler options for everything that wireseam builds, and the one function that declares a library.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  # It stores nothing that a precompiled header went into unless it is allowed these two.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False where a std::string is put together: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105651
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
# A compiler newer than those that wireseam was built with may warn of more: that must not stop
# anybody.
set(WIRESEAM_NEWEST_GNU 14)
set(WIRESEAM_NEWEST_Clang 19)
if(WIRESEAM_WERROR AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS_EQUAL
                       "${WIRESEAM_NEWEST_${CMAKE_CXX_COMPILER_ID}}.99")
  add_compile_options(-Werror)
endif()

# WIRESEAM_SANITIZE_OPTIONS is empty or one option; what must stay free of sanitizers (the shim)
# does not link wireseam_sanitize.
add_library(wireseam_sanitize INTERFACE)
if(WIRESEAM_SANITIZE)
  target_compile_options(wireseam_sanitize INTERFACE
    -fsanitize=${WIRESEAM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  string(REPLACE "fuzzer-no-link," "" WIRESEAM_LINK_SANITIZE "${WIRESEAM_SANITIZE}")
  target_link_options(wireseam_sanitize INTERFACE -fsanitize=${WIRESEAM_LINK_SANITIZE})
endif()

# The packets' path is many small functions in as many files: the linker puts them together.
include(CheckIPOSupported)
check_ipo_supported(RESULT WIRESEAM_IPO LANGUAGES CXX)

# Half of a compilation is the standard library's headers: the presets for work read them from one
# precompiled file. scripts/lint and the preset release don't, so that a missing #include is an error
# there.
option(WIRESEAM_PRECOMPILE "Precompile the standard library's headers" OFF)
if(WIRESEAM_PRECOMPILE)
  file(WRITE ${CMAKE_BINARY_DIR}/empty.cc "")
  add_library(wireseam_precompiled OBJECT ${CMAKE_BINARY_DIR}/empty.cc)
  target_link_libraries(wireseam_precompiled PRIVATE wireseam_sanitize)
  target_compile_options(wireseam_precompiled PRIVATE -fpch-preprocess)
  target_precompile_headers(wireseam_precompiled PRIVATE
    <algorithm> <charconv> <functional> <map> <memory> <optional> <span> <string> <string_view>
    <unordered_map> <utility> <vector>)
endif()

# wireseam_library(NAME SOURCES...): a static library; includes are written from the top folder.
function(wireseam_library name)
  add_library(${name} STATIC ${ARGN})
  set_target_properties(${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION_RELEASE ${WIRESEAM_IPO})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC wireseam_sanitize)
  if(WIRESEAM_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM wireseam_precompiled)
  endif()
endfunction()
