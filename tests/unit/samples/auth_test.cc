// SPDX-License-Identifier: Apache-2.0
#include "samples/auth.h"

#include <openssl/crypto.h>

#include "tests/unit/catch2.h"

using namespace wireseam::samples;

namespace {

std::string from_hex(const char* hex) {
  long size = 0;
  unsigned char* bytes = OPENSSL_hexstr2buf(hex, &size);
  std::string text(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return text;
}

}  // namespace

TEST_CASE("a proof is HMAC-SHA256 of the challenge, as RFC 4231 has it") {
  CHECK(proof_of("Jefe", "what do ya want for nothing?") ==
        from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

TEST_CASE("only the whole proof of the same key and challenge is one") {
  const std::string challenge = random_challenge();
  const std::string proof = proof_of("key", challenge);
  CHECK(is_proof(proof, "key", challenge));
  CHECK_FALSE(is_proof(proof, "Key", challenge));
  CHECK_FALSE(is_proof(proof, "key", random_challenge()));
  CHECK_FALSE(is_proof(proof.substr(1), "key", challenge));
  CHECK_FALSE(is_proof("", "key", challenge));
}
