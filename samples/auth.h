// SPDX-License-Identifier: Apache-2.0
// Proof that both ends know a key, before anything else is said: the server sends 32 random bytes,
// the client answers with HMAC-SHA256(key, those bytes). The connection is not encrypted.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/error.h"
#include "samples/sockets.h"

namespace wireseam::samples {

constexpr size_t kChallengeSize = 32;
constexpr size_t kProofSize = 32;
constexpr std::chrono::seconds kAuthTimeLimit{5};

// All bytes of the file; no value for an empty path, which means no authentication.
std::optional<std::string> read_key(const std::string& path);

std::string random_challenge();
std::string proof_of(std::string_view key, std::string_view challenge);

// Compares in constant time, so that the time tells nothing about the right bytes.
bool is_proof(std::string_view proof, std::string_view key, std::string_view challenge);

// "authentication PEER: REASON".
Error auth_error(const Connection& peer, std::string_view reason);

constexpr std::string_view kTooLate = "nothing within 5 s";

// The server's part and the client's. Without a key they do nothing. They throw Error if the other
// end has not done its part in time, or wrongly.
void authenticate_client(const Connection& client, const std::optional<std::string>& key);
void authenticate_to_server(const Connection& server, const std::optional<std::string>& key);

}  // namespace wireseam::samples
