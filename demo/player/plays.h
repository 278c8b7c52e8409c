// SPDX-License-Identifier: Apache-2.0
// What each scenario does. Nothing waits for a time to pass: what has to come first is awaited.
#pragma once

namespace wireseam::player {

void play_auth();
void play_backlog();
void play_cut();
void play_framed();
void play_handshake();
void play_nagle();
void play_nodelay();
void play_partial_send();
void play_refused();
void play_reset();
void play_sticky();
void play_timewait();
void play_udp();

}  // namespace wireseam::player
