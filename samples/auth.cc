// SPDX-License-Identifier: Apache-2.0
// Challenge and proof. Keeps no state between connections.
#include "samples/auth.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/random.h>

#include <fstream>
#include <iterator>

#include "samples/deadline.h"

namespace wireseam::samples {
namespace {

// False when the deadline has passed.
bool wait_readable(const Connection& from, Clock::time_point deadline) {
  pollfd entry{.fd = from.fd.get(), .events = POLLIN, .revents = 0};
  return checked(poll(&entry, 1, timeout_ms(deadline)), "poll", from.peer) > 0;
}

// One deadline for all of it: a peer that sends a byte now and then gains no time.
std::string recv_exactly(const Connection& from, size_t size) {
  const auto deadline = Clock::now() + kAuthTimeLimit;
  std::string bytes(size, '\0');
  size_t got = 0;
  while (got < size) {
    if (!wait_readable(from, deadline)) throw auth_error(from, kTooLate);
    const ssize_t received = recv(from.fd.get(), bytes.data() + got, size - got, 0);
    if (received == 0) throw auth_error(from, "closed");
    got += checked_size(received, "recv", from.peer);
  }
  return bytes;
}

}  // namespace

std::optional<std::string> read_key(const std::string& path) {
  if (path.empty()) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string key(std::istreambuf_iterator<char>(file), {});
  if (!file) throw Error("cannot read key", path, errno);
  if (key.empty()) throw Error(fmt::format("cannot read key '{}': it is empty", path));
  return key;
}

std::string random_challenge() {
  std::string challenge(kChallengeSize, '\0');
  // Up to 256 bytes come whole (getrandom(2)).
  if (getrandom(challenge.data(), challenge.size(), 0) < 0) throw Error("getrandom", errno);
  return challenge;
}

std::string proof_of(std::string_view key, std::string_view challenge) {
  std::string proof(kProofSize, '\0');
  const auto* text = reinterpret_cast<const unsigned char*>(challenge.data());
  auto* out = reinterpret_cast<unsigned char*>(proof.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text, challenge.size(), out,
           nullptr) == nullptr)
    throw Error("HMAC-SHA256 is not available");
  return proof;
}

bool is_proof(std::string_view proof, std::string_view key, std::string_view challenge) {
  const std::string right = proof_of(key, challenge);
  return proof.size() == right.size() &&
         CRYPTO_memcmp(proof.data(), right.data(), right.size()) == 0;
}

Error auth_error(const Connection& peer, std::string_view reason) {
  return Error(fmt::format("authentication {}: {}", peer.peer, reason));
}

void authenticate_client(const Connection& client, const std::optional<std::string>& key) {
  if (!key) return;
  const std::string challenge = random_challenge();
  send_all(client, challenge);
  if (!is_proof(recv_exactly(client, kProofSize), *key, challenge))
    throw auth_error(client, "wrong key");
}

void authenticate_to_server(const Connection& server, const std::optional<std::string>& key) {
  if (!key) return;
  send_all(server, proof_of(*key, recv_exactly(server, kChallengeSize)));
}

}  // namespace wireseam::samples
