// SPDX-License-Identifier: Apache-2.0
// The MD5 digest (RFC 1321) of bytes that come piece by piece. It finds damage, not malice.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace wireseam::samples {

class Md5 {
 public:
  Md5();
  ~Md5();

  void update(std::string_view bytes);

  // 32 lower-case hex digits. Ends the digest: nothing may follow.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string md5_of(std::string_view bytes);

// Whether two texts of a digest are the same one, in lower or upper case.
bool is_same_md5(std::string_view a, std::string_view b);

}  // namespace wireseam::samples
