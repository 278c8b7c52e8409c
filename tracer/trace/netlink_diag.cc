// SPDX-License-Identifier: Apache-2.0
// sock_diag(7): internet sockets.
#include <sys/socket.h>

#include "tracer/trace/netlink_rows.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

namespace wireseam {
namespace {

using enum NetlinkKind;
using G = ConstantGroup;

constexpr NetlinkField kIdFields[] = {
    FIELD(inet_diag_sockid, idiag_sport, Port),   FIELD(inet_diag_sockid, idiag_dport, Port),
    FIELD(inet_diag_sockid, idiag_src, Address),  FIELD(inet_diag_sockid, idiag_dst, Address),
    FIELD(inet_diag_sockid, idiag_if, Interface), FIELD(inet_diag_sockid, idiag_cookie, Numbers),
};
constexpr NetlinkStruct kId{kIdFields, sizeof(inet_diag_sockid)};

constexpr NetlinkField kRequestFields[] = {
    FIELD(inet_diag_req_v2, sdiag_family, Constant, G::AddressFamily),
    FIELD(inet_diag_req_v2, sdiag_protocol, Constant, G::InetProtocol),
    FIELD(inet_diag_req_v2, idiag_ext, Flags, G::DiagExtension),
    FIELD(inet_diag_req_v2, idiag_states, Flags, G::TcpStateBit),
    FIELD(inet_diag_req_v2, id, Struct, {}, &kId),
};
constexpr NetlinkStruct kRequest{kRequestFields, sizeof(inet_diag_req_v2)};

constexpr NetlinkField kOldRequestFields[] = {
    FIELD(inet_diag_req, idiag_family, Constant, G::AddressFamily),
    FIELD(inet_diag_req, idiag_src_len, Unsigned),
    FIELD(inet_diag_req, idiag_dst_len, Unsigned),
    FIELD(inet_diag_req, idiag_ext, Flags, G::DiagExtension),
    FIELD(inet_diag_req, id, Struct, {}, &kId),
    FIELD(inet_diag_req, idiag_states, Flags, G::TcpStateBit),
    FIELD(inet_diag_req, idiag_dbs, Unsigned),
};
constexpr NetlinkStruct kOldRequest{kOldRequestFields, sizeof(inet_diag_req)};

constexpr NetlinkAttribute kRequestRows[] = {
    ROW(INET_DIAG_REQ_BYTECODE, Bytes),
    ROW(INET_DIAG_REQ_SK_BPF_STORAGES, Bytes),
    ROW(INET_DIAG_REQ_PROTOCOL, Constant, 1, G::InetProtocol),
};
constexpr NetlinkAttributes kRequestAttributes{"INET_DIAG_REQ_???", kRequestRows};

constexpr NetlinkField kAnswerFields[] = {
    FIELD(inet_diag_msg, idiag_family, Constant, G::AddressFamily),
    FIELD(inet_diag_msg, idiag_state, Constant, G::TcpState),
    FIELD(inet_diag_msg, idiag_timer, Unsigned),
    FIELD(inet_diag_msg, idiag_retrans, Unsigned),
    FIELD(inet_diag_msg, id, Struct, {}, &kId),
    FIELD(inet_diag_msg, idiag_expires, Unsigned),
    FIELD(inet_diag_msg, idiag_rqueue, Unsigned),
    FIELD(inet_diag_msg, idiag_wqueue, Unsigned),
    FIELD(inet_diag_msg, idiag_uid, Unsigned),
    FIELD(inet_diag_msg, idiag_inode, Unsigned),
};
constexpr NetlinkStruct kAnswer{kAnswerFields, sizeof(inet_diag_msg)};

constexpr NetlinkField kMemoryFields[] = {
    FIELD(inet_diag_meminfo, idiag_rmem, Unsigned),
    FIELD(inet_diag_meminfo, idiag_wmem, Unsigned),
    FIELD(inet_diag_meminfo, idiag_fmem, Unsigned),
    FIELD(inet_diag_meminfo, idiag_tmem, Unsigned),
};
constexpr NetlinkStruct kMemory{kMemoryFields, sizeof(inet_diag_meminfo)};

constexpr NetlinkField kBbrFields[] = {
    FIELD(tcp_bbr_info, bbr_bw_lo, Hex),          FIELD(tcp_bbr_info, bbr_bw_hi, Hex),
    FIELD(tcp_bbr_info, bbr_min_rtt, Unsigned),   FIELD(tcp_bbr_info, bbr_pacing_gain, Unsigned),
    FIELD(tcp_bbr_info, bbr_cwnd_gain, Unsigned),
};
constexpr NetlinkStruct kBbr{kBbrFields, sizeof(tcp_bbr_info)};

constexpr NetlinkField kOptionFields[] = {
    {"recverr", 0},         {"is_icsk", 1},        {"freebind", 2},
    {"hdrincl", 3},         {"mc_loop", 4},        {"transparent", 5},
    {"mc_all", 6},          {"nodefrag", 7},       {"bind_address_no_port", 8},
    {"recverr_rfc4884", 9}, {"defer_connect", 10},
};
constexpr NetlinkStruct kOptions{kOptionFields, sizeof(inet_diag_sockopt)};

constexpr NetlinkAttribute kAnswerRows[] = {
    ROW(INET_DIAG_MEMINFO, Struct, 0, {}, &kMemory),
    ROW(INET_DIAG_INFO, Bytes),
    ROW(INET_DIAG_VEGASINFO, Bytes),
    ROW(INET_DIAG_CONG, Text),
    ROW(INET_DIAG_TOS, Unsigned, 1),
    ROW(INET_DIAG_TCLASS, Unsigned, 1),
    ROW(INET_DIAG_SKMEMINFO, Indexed, 4, G::SocketMemory),
    ROW(INET_DIAG_SHUTDOWN, FlagsComment, 1, G::SocketShutdown),
    ROW(INET_DIAG_DCTCPINFO, Bytes),
    ROW(INET_DIAG_PROTOCOL, Constant, 1, G::InetProtocol),
    ROW(INET_DIAG_SKV6ONLY, Unsigned, 1),
    ROW(INET_DIAG_LOCALS, Bytes),
    ROW(INET_DIAG_PEERS, Bytes),
    ROW(INET_DIAG_PAD, Bytes),
    ROW(INET_DIAG_MARK, Unsigned, 4),
    ROW(INET_DIAG_BBRINFO, Struct, 0, {}, &kBbr),
    ROW(INET_DIAG_CLASS_ID, Unsigned, 4),
    ROW(INET_DIAG_MD5SIG, Bytes),
    ROW(INET_DIAG_ULP_INFO, Bytes),
    ROW(INET_DIAG_SK_BPF_STORAGES, Bytes),
    ROW(INET_DIAG_CGROUP_ID, Unsigned, 8),
    ROW(INET_DIAG_SOCKOPT, Bits, 0, {}, &kOptions),
};
constexpr NetlinkAttributes kAnswerAttributes{"INET_DIAG_???", kAnswerRows};

}  // namespace

std::optional<NetlinkPayload> diag_payload(const NetlinkMessage& message, uint8_t family) {
  if (family != AF_INET && family != AF_INET6) return std::nullopt;
  if ((message.flags & NLM_F_REQUEST) == 0) return NetlinkPayload{&kAnswer, &kAnswerAttributes};
  const bool old = message.type == TCPDIAG_GETSOCK || message.type == DCCPDIAG_GETSOCK;
  return NetlinkPayload{old ? &kOldRequest : &kRequest, &kRequestAttributes};
}

}  // namespace wireseam
