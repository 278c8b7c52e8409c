// SPDX-License-Identifier: Apache-2.0
// Catch2 in either of the versions that distributions ship: 3 (many headers) or 2 (one header).
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
