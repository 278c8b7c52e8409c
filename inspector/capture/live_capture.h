// SPDX-License-Identifier: Apache-2.0
// Captures from an interface, so that nothing is lost and all of it is seen soon: a ring shared
// with the kernel (TPACKET_V3, not the immediate mode, which replaces it by a small one of fixed
// slots), emptied by a thread that does nothing else. While the consumer lags the packets stay in
// the ring, and what finds no room there the kernel counts.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "common/fd.h"
#include "inspector/capture/chunk_queue.h"
#include "inspector/capture/packet_source.h"
#include "inspector/capture/pcap_handle.h"

namespace wireseam {

struct LiveOptions {
  std::string interface = "any";
  std::string filter{};  // pcap-filter(7); empty for everything
  bool promiscuous = false;
  int ring_bytes = 64 << 20;
  int snapshot_length = 262144;
  size_t chunks = 32;  // of 1 MiB, between the ring and the consumer
};

class LiveCapture : public PacketSource {
 public:
  // When it returns, what passes from now on is captured. Needs CAP_NET_RAW, and only here. Throws
  // Error: no such interface, no permission, bad filter.
  explicit LiveCapture(const LiveOptions& options);
  ~LiveCapture() override;
  LiveCapture(const LiveCapture&) = delete;
  LiveCapture& operator=(const LiveCapture&) = delete;

  // The first call starts the thread.
  const RawPacket* next() override;
  bool ended() const override { return ended_; }
  void stop() override;
  const std::string& flaw() const override;
  CaptureDrops drops() const override;
  std::vector<uint32_t> link_types() const override { return {packet_.link_type}; }

 private:
  // The consumer's.
  bool has_packet();
  void start();

  // The thread's.
  void run();
  bool empty_ring();
  bool read_ring();
  void wait(int timeout_ms);
  void drain();
  void keep(uint64_t time_ns, uint32_t wire_length, std::span<const std::byte> bytes);
  void hand_over();
  void count_drops();

  std::string interface_;
  PcapHandle handle_;
  Fd stop_event_;
  ChunkQueue queue_;
  std::thread thread_;
  std::atomic<uint64_t> stop_ns_ = 0;  // when stop() was called

  ChunkQueue::Item chunk_;  // that the consumer reads
  size_t next_entry_ = 0;
  RawPacket packet_;
  bool idle_ = false;
  bool ended_ = false;

  ChunkQueue::Item filling_;  // by the thread
  bool past_stop_ = false;
  bool failed_ = false;
  std::string flaw_;  // the consumer's as soon as the queue is finished
  uint64_t counted_ns_ = 0;
  uint32_t kernel_seen_ = 0;  // libpcap's counters have 32 bits and wrap
  uint32_t interface_seen_ = 0;
  std::atomic<uint64_t> kernel_drops_ = 0;
  std::atomic<uint64_t> interface_drops_ = 0;
};

}  // namespace wireseam
