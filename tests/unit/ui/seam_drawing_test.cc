// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/seam_drawing.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

std::string ruler(uint64_t begin) {
  Canvas canvas({1, 60}, Charset::Unicode);
  ByteAxis axis;
  axis.begin = begin;
  axis.a_column = 1;
  axis.columns = 50;
  draw_ruler(Area(canvas), axis);
  return canvas.text();
}

}  // namespace

TEST_CASE("the offsets on the ruler stay apart however long they are") {
  CHECK(ruler(0).find("0         10        20 ") != std::string::npos);
  CHECK(ruler(4'294'967'290).find("4294967290 4294967301 4294967312 ") != std::string::npos);
  CHECK(ruler(99'999'999'999).find("99999999999  100000000012 1") != std::string::npos);
}
