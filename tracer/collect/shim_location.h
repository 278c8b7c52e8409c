// SPDX-License-Identifier: Apache-2.0
// Where the shim lies, told in a way that LD_PRELOAD can take.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wireseam {

// Found beside the running program, wherever both were moved: no path of the build is compiled in.
class ShimLocation {
 public:
  // Throws Error when there is none.
  ShimLocation();

  // Takes away the link that it may have made.
  ~ShimLocation();
  ShimLocation(const ShimLocation&) = delete;
  ShimLocation& operator=(const ShimLocation&) = delete;

  const std::string& path() const { return link_.empty() ? file_ : link_; }

 private:
  void make_link();

  std::string file_;
  std::string link_folder_;
  std::string link_;
};

// Where the shim of a wireseam in `program_folder` may be, the likeliest first.
std::vector<std::string> shim_candidates(const std::string& program_folder);

// ld.so(8) splits LD_PRELOAD at spaces and colons, and expands what follows a dollar sign.
bool fits_in_preload(std::string_view path);

}  // namespace wireseam
