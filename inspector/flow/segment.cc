// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/segment.h"

namespace wireseam {

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::None:
      return "none";
    case Cause::Retransmission:
      return "retransmission";
    case Cause::FastRetransmission:
      return "fast-retransmission";
    case Cause::TailProbe:
      return "tail-probe";
    case Cause::SpuriousRetransmission:
      return "spurious-retransmission";
    case Cause::Reordered:
      return "reordered";
    case Cause::NetworkDuplicate:
      return "network-duplicate";
    case Cause::Hole:
      return "hole";
    case Cause::LostBeforeCapture:
      return "lost-before-capture";
    case Cause::NotCaptured:
      return "not-captured";
    case Cause::ZeroWindow:
      return "zero-window";
    case Cause::ZeroWindowProbe:
      return "zero-window-probe";
    case Cause::ZeroWindowProbeAck:
      return "zero-window-probe-ack";
    case Cause::WindowFull:
      return "window-full";
    case Cause::WindowUpdate:
      return "window-update";
    case Cause::KeepAlive:
      return "keep-alive";
    case Cause::KeepAliveAck:
      return "keep-alive-ack";
    case Cause::DuplicateAck:
      return "duplicate-ack";
    case Cause::DuplicateReport:
      return "duplicate-report";
    case Cause::DifferentCopy:
      return "different-copy";
    case Cause::PortsReused:
      return "ports-reused";
    case Cause::IgnoredOld:
      return "ignored-old";
    case Cause::IgnoredOutOfWindow:
      return "ignored-out-of-window";
    case Cause::IgnoredRstNotExact:
      return "ignored-rst-not-exact";
    case Cause::IgnoredWrongAck:
      return "ignored-wrong-ack";
    case Cause::IgnoredSyn:
      return "ignored-syn";
  }
  return "none";
}

bool is_retransmission(Cause cause) {
  return cause == Cause::Retransmission || cause == Cause::FastRetransmission ||
         cause == Cause::TailProbe || cause == Cause::SpuriousRetransmission;
}

bool is_ignored(Cause cause) { return cause >= Cause::IgnoredOld && cause <= Cause::IgnoredSyn; }

std::string_view WiresharkNames::text(WiresharkName name) {
  switch (name) {
    case WiresharkName::Retransmission:
      return "tcp.analysis.retransmission";
    case WiresharkName::FastRetransmission:
      return "tcp.analysis.fast_retransmission";
    case WiresharkName::SpuriousRetransmission:
      return "tcp.analysis.spurious_retransmission";
    case WiresharkName::OutOfOrder:
      return "tcp.analysis.out_of_order";
    case WiresharkName::LostSegment:
      return "tcp.analysis.lost_segment";
    case WiresharkName::AckLostSegment:
      return "tcp.analysis.ack_lost_segment";
    case WiresharkName::ZeroWindow:
      return "tcp.analysis.zero_window";
    case WiresharkName::ZeroWindowProbe:
      return "tcp.analysis.zero_window_probe";
    case WiresharkName::ZeroWindowProbeAck:
      return "tcp.analysis.zero_window_probe_ack";
    case WiresharkName::WindowFull:
      return "tcp.analysis.window_full";
    case WiresharkName::WindowUpdate:
      return "tcp.analysis.window_update";
    case WiresharkName::KeepAlive:
      return "tcp.analysis.keep_alive";
    case WiresharkName::KeepAliveAck:
      return "tcp.analysis.keep_alive_ack";
    case WiresharkName::DuplicateAck:
      return "tcp.analysis.duplicate_ack";
    case WiresharkName::ReusedPorts:
      return "tcp.analysis.reused_ports";
    case WiresharkName::FastOpenSyn:
      return "tcp.analysis.tfo_syn";
    case WiresharkName::FastOpenAck:
      return "tcp.analysis.tfo_ack";
    case WiresharkName::FastOpenIgnored:
      return "tcp.analysis.tfo_ignored";
  }
  return {};
}

}  // namespace wireseam
