// SPDX-License-Identifier: Apache-2.0
// MD5 by OpenSSL's libcrypto.
#include "samples/exec/md5.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <strings.h>

#include <array>
#include <iterator>

#include "common/error.h"

namespace wireseam::samples {
namespace {

// A libcrypto in FIPS mode has no MD5.
void require(int ok) {
  if (ok != 1) throw Error("MD5 is not available");
}

}  // namespace

Md5::Md5() : context_(EVP_MD_CTX_new()) {
  require(EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr));
}

Md5::~Md5() = default;

void Md5::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

void Md5::update(std::string_view bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Md5::hex() {
  std::array<unsigned char, 16> digest{};
  require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
  std::string text;
  for (const unsigned char byte : digest) fmt::format_to(std::back_inserter(text), "{:02x}", byte);
  return text;
}

std::string md5_of(std::string_view bytes) {
  Md5 md5;
  md5.update(bytes);
  return md5.hex();
}

bool is_same_md5(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace wireseam::samples
