// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/doubt.h"

namespace wireseam {

std::string_view to_string(Doubt doubt) {
  switch (doubt) {
    case Doubt::None:
      return "none";
    case Doubt::OlderSocket:
      return "older-socket";
    case Doubt::NoBeginning:
      return "no-beginning";
    case Doubt::LostCalls:
      return "lost-calls";
    case Doubt::CutOffCall:
      return "cut-off-call";
    case Doubt::OtherLayer:
      return "other-layer";
    case Doubt::Overlap:
      return "overlap";
    case Doubt::Urgent:
      return "urgent";
    case Doubt::OtherPeer:
      return "other-peer";
    case Doubt::EarlySegment:
      return "early-segment";
    case Doubt::EarlyReceive:
      return "early-receive";
    case Doubt::LateSegment:
      return "late-segment";
    case Doubt::OtherBytes:
      return "other-bytes";
    case Doubt::ShortReceive:
      return "short-receive";
    case Doubt::OtherSum:
      return "other-sum";
    case Doubt::UnreadAndNoRst:
      return "unread-and-no-rst";
  }
  return "none";
}

std::string_view words_of(Doubt doubt) {
  switch (doubt) {
    case Doubt::None:
      return "";
    case Doubt::OlderSocket:
      return "the socket is older than the trace";
    case Doubt::NoBeginning:
      return "the capture lacks the connection's beginning";
    case Doubt::LostCalls:
      return "the trace says so itself";
    case Doubt::CutOffCall:
      return "a call was cut off, and what it moved is not known";
    case Doubt::OtherLayer:
      return "the kernel makes other bytes of them (TCP_ULP)";
    case Doubt::Overlap:
      return "several calls went on at the same time, and their bytes were not found in any order";
    case Doubt::Urgent:
      return "urgent data was in the way";
    case Doubt::OtherPeer:
      return "an untraced program talks with that name, too, and may be the peer";
    case Doubt::EarlySegment:
      return "bytes were captured before the send that they would be of began";
    case Doubt::EarlyReceive:
      return "bytes were received before the send that they would be of began";
    case Doubt::LateSegment:
      return "bytes were captured after the receive that they would be of had ended";
    case Doubt::OtherBytes:
      return "other bytes lie where a call's would be";
    case Doubt::ShortReceive:
      return "a receive returned less than had arrived";
    case Doubt::OtherSum:
      return "the stream has another length than all calls together";
    case Doubt::UnreadAndNoRst:
      return "bytes would have been unread at the close, and there was no RST";
  }
  return "";
}

}  // namespace wireseam
