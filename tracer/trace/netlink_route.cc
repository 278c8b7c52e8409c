// SPDX-License-Identifier: Apache-2.0
// rtnetlink(7): links, addresses, routes, neighbours and rules.
#include <sys/socket.h>

#include "tracer/trace/netlink_rows.h"

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

namespace wireseam {
namespace {

using enum NetlinkKind;
using G = ConstantGroup;

constexpr NetlinkField kLinkFields[] = {
    FIELD(ifinfomsg, ifi_family, Constant, G::AddressFamily),
    FIELD(ifinfomsg, ifi_type, Constant, G::ArpHardware),
    FIELD(ifinfomsg, ifi_index, Interface),
    FIELD(ifinfomsg, ifi_flags, Flags, G::InterfaceFlag),
    FIELD(ifinfomsg, ifi_change, Hex),
};
constexpr NetlinkStruct kLinkHeader{kLinkFields, sizeof(ifinfomsg)};

#define COUNTERS(X)                                                                       \
  X(rx_packets), X(tx_packets), X(rx_bytes), X(tx_bytes), X(rx_errors), X(tx_errors),     \
      X(rx_dropped), X(tx_dropped), X(multicast), X(collisions), X(rx_length_errors),     \
      X(rx_over_errors), X(rx_crc_errors), X(rx_frame_errors), X(rx_fifo_errors),         \
      X(rx_missed_errors), X(tx_aborted_errors), X(tx_carrier_errors), X(tx_fifo_errors), \
      X(tx_heartbeat_errors), X(tx_window_errors), X(rx_compressed), X(tx_compressed),    \
      X(rx_nohandler)
#define COUNTER(name) FIELD(rtnl_link_stats, name, Unsigned)
#define COUNTER64(name) FIELD(rtnl_link_stats64, name, Unsigned)
constexpr NetlinkField kCounterFields[] = {COUNTERS(COUNTER)};
constexpr NetlinkStruct kCounters{kCounterFields, offsetof(rtnl_link_stats, rx_nohandler)};
constexpr NetlinkField kCounter64Fields[] = {COUNTERS(COUNTER64),
                                             {"rx_otherhost_dropped", 192, 8, Unsigned}};
constexpr NetlinkStruct kCounters64{kCounter64Fields, offsetof(rtnl_link_stats64, rx_nohandler)};
#undef COUNTERS
#undef COUNTER
#undef COUNTER64

constexpr NetlinkField kMapFields[] = {
    FIELD(rtnl_link_ifmap, mem_start, Hex), FIELD(rtnl_link_ifmap, mem_end, Hex),
    FIELD(rtnl_link_ifmap, base_addr, Hex), FIELD(rtnl_link_ifmap, irq, Unsigned),
    FIELD(rtnl_link_ifmap, dma, Unsigned),  FIELD(rtnl_link_ifmap, port, Unsigned),
};
constexpr NetlinkStruct kMap{kMapFields, offsetof(rtnl_link_ifmap, port) + 1};

constexpr NetlinkField kInet6CacheFields[] = {
    FIELD(ifla_cacheinfo, max_reasm_len, Unsigned),
    FIELD(ifla_cacheinfo, tstamp, Unsigned),
    FIELD(ifla_cacheinfo, reachable_time, Unsigned),
    FIELD(ifla_cacheinfo, retrans_time, Unsigned),
};
constexpr NetlinkStruct kInet6Cache{kInet6CacheFields, sizeof(ifla_cacheinfo)};

constexpr NetlinkAttribute kInetRows[] = {
    ROW(IFLA_INET_CONF, SignedIndexed, 4, G::Ipv4LinkSetting),
};
constexpr NetlinkAttributes kInet{"IFLA_INET_???", kInetRows};

constexpr NetlinkAttribute kInet6Rows[] = {
    ROW(IFLA_INET6_FLAGS, Flags, 4, G::Ipv6LinkFlag),
    ROW(IFLA_INET6_CONF, SignedIndexed, 4, G::Ipv6LinkSetting),
    ROW(IFLA_INET6_STATS, Indexed, 8, G::IpStatistic),
    ROW(IFLA_INET6_MCAST, Bytes),
    ROW(IFLA_INET6_CACHEINFO, Struct, 0, {}, &kInet6Cache),
    ROW(IFLA_INET6_ICMP6STATS, Indexed, 8, G::Icmp6Statistic),
    NetlinkAttribute{IFLA_INET6_TOKEN, "IFLA_INET6_TOKEN", Address, AF_INET6},
    ROW(IFLA_INET6_ADDR_GEN_MODE, Constant, 1, G::Ipv6AddressMode),
};
constexpr NetlinkAttributes kInet6{"IFLA_INET6_???", kInet6Rows};

constexpr NetlinkAttribute kFamilyRows[] = {
    ROW(AF_INET, Attributes, 0, {}, nullptr, &kInet),
    ROW(AF_INET6, Attributes, 0, {}, nullptr, &kInet6),
    ROW(AF_MPLS, Bytes),
};
constexpr NetlinkAttributes kFamilies{"AF_???", kFamilyRows};

constexpr NetlinkAttribute kLinkInfoRows[] = {
    ROW(IFLA_INFO_KIND, Text),       ROW(IFLA_INFO_DATA, Bytes),       ROW(IFLA_INFO_XSTATS, Bytes),
    ROW(IFLA_INFO_SLAVE_KIND, Text), ROW(IFLA_INFO_SLAVE_DATA, Bytes),
};
constexpr NetlinkAttributes kLinkInfo{"IFLA_INFO_???", kLinkInfoRows};

constexpr NetlinkAttribute kXdpRows[] = {
    ROW(IFLA_XDP_FD, Signed, 4),
    ROW(IFLA_XDP_ATTACHED, Constant, 1, G::XdpAttached),
    ROW(IFLA_XDP_FLAGS, Hex, 4),
    ROW(IFLA_XDP_PROG_ID, Unsigned, 4),
    ROW(IFLA_XDP_DRV_PROG_ID, Unsigned, 4),
    ROW(IFLA_XDP_SKB_PROG_ID, Unsigned, 4),
    ROW(IFLA_XDP_HW_PROG_ID, Unsigned, 4),
    ROW(IFLA_XDP_EXPECTED_FD, Signed, 4),
};
constexpr NetlinkAttributes kXdp{"IFLA_XDP_???", kXdpRows};

constexpr NetlinkAttribute kPropertyRows[] = {ROW(IFLA_ALT_IFNAME, Text)};
constexpr NetlinkAttributes kProperties{"IFLA_???", kPropertyRows};

constexpr NetlinkAttribute kLinkRows[] = {
    ROW(IFLA_ADDRESS, Hardware),
    ROW(IFLA_BROADCAST, Hardware),
    ROW(IFLA_IFNAME, Text),
    ROW(IFLA_MTU, Unsigned, 4),
    ROW(IFLA_LINK, Unsigned, 4),
    ROW(IFLA_QDISC, Text),
    ROW(IFLA_STATS, Struct, 0, {}, &kCounters),
    ROW(IFLA_COST, Bytes),
    ROW(IFLA_PRIORITY, Bytes),
    ROW(IFLA_MASTER, Unsigned, 4),
    ROW(IFLA_WIRELESS, Bytes),
    ROW(IFLA_PROTINFO, Bytes),
    ROW(IFLA_TXQLEN, Unsigned, 4),
    ROW(IFLA_MAP, Struct, 0, {}, &kMap),
    ROW(IFLA_WEIGHT, Unsigned, 4),
    ROW(IFLA_OPERSTATE, Unsigned, 1),
    ROW(IFLA_LINKMODE, Unsigned, 1),
    ROW(IFLA_LINKINFO, Attributes, 0, {}, nullptr, &kLinkInfo),
    ROW(IFLA_NET_NS_PID, Unsigned, 4),
    ROW(IFLA_IFALIAS, Text),
    ROW(IFLA_NUM_VF, Unsigned, 4),
    ROW(IFLA_VFINFO_LIST, Bytes),
    ROW(IFLA_STATS64, Struct, 0, {}, &kCounters64),
    ROW(IFLA_VF_PORTS, Bytes),
    ROW(IFLA_PORT_SELF, Bytes),
    ROW(IFLA_AF_SPEC, Attributes, 0, {}, nullptr, &kFamilies),
    ROW(IFLA_GROUP, Unsigned, 4),
    ROW(IFLA_NET_NS_FD, Signed, 4),
    ROW(IFLA_EXT_MASK, Flags, 4, G::LinkFilter),
    ROW(IFLA_PROMISCUITY, Unsigned, 4),
    ROW(IFLA_NUM_TX_QUEUES, Unsigned, 4),
    ROW(IFLA_NUM_RX_QUEUES, Unsigned, 4),
    ROW(IFLA_CARRIER, Unsigned, 1),
    ROW(IFLA_PHYS_PORT_ID, Bytes),
    ROW(IFLA_CARRIER_CHANGES, Unsigned, 4),
    ROW(IFLA_PHYS_SWITCH_ID, Bytes),
    ROW(IFLA_LINK_NETNSID, Signed, 4),
    ROW(IFLA_PHYS_PORT_NAME, Text),
    ROW(IFLA_PROTO_DOWN, Unsigned, 1),
    ROW(IFLA_GSO_MAX_SEGS, Unsigned, 4),
    ROW(IFLA_GSO_MAX_SIZE, Unsigned, 4),
    ROW(IFLA_PAD, Bytes),
    ROW(IFLA_XDP, Attributes, 0, {}, nullptr, &kXdp),
    ROW(IFLA_EVENT, Constant, 4, G::LinkEvent),
    ROW(IFLA_NEW_NETNSID, Signed, 4),
    ROW(IFLA_IF_NETNSID, Signed, 4),
    ROW(IFLA_CARRIER_UP_COUNT, Unsigned, 4),
    ROW(IFLA_CARRIER_DOWN_COUNT, Unsigned, 4),
    ROW(IFLA_NEW_IFINDEX, Interface, 4),
    ROW(IFLA_MIN_MTU, Unsigned, 4),
    ROW(IFLA_MAX_MTU, Unsigned, 4),
    ROW(IFLA_PROP_LIST, Attributes, 0, {}, nullptr, &kProperties),
    ROW(IFLA_ALT_IFNAME, Text),
    ROW(IFLA_PERM_ADDRESS, Hardware),
    ROW(IFLA_PROTO_DOWN_REASON, Bytes),
    ROW(IFLA_PARENT_DEV_NAME, Text),
    ROW(IFLA_PARENT_DEV_BUS_NAME, Text),
    ROW(IFLA_GRO_MAX_SIZE, Unsigned, 4),
    ROW(IFLA_TSO_MAX_SIZE, Unsigned, 4),
    ROW(IFLA_TSO_MAX_SEGS, Unsigned, 4),
    ROW(IFLA_ALLMULTI, Unsigned, 4),
};
constexpr NetlinkAttributes kLink{"IFLA_???", kLinkRows};

constexpr NetlinkField kAddressFields[] = {
    FIELD(ifaddrmsg, ifa_family, Constant, G::AddressFamily),
    FIELD(ifaddrmsg, ifa_prefixlen, Unsigned),
    FIELD(ifaddrmsg, ifa_flags, Flags, G::AddressFlag),
    FIELD(ifaddrmsg, ifa_scope, Constant, G::RouteScope),
    FIELD(ifaddrmsg, ifa_index, Interface),
};
constexpr NetlinkStruct kAddressHeader{kAddressFields, sizeof(ifaddrmsg)};

constexpr NetlinkField kAddressCacheFields[] = {
    FIELD(ifa_cacheinfo, ifa_prefered, Unsigned),
    FIELD(ifa_cacheinfo, ifa_valid, Unsigned),
    FIELD(ifa_cacheinfo, cstamp, Unsigned),
    FIELD(ifa_cacheinfo, tstamp, Unsigned),
};
constexpr NetlinkStruct kAddressCache{kAddressCacheFields, sizeof(ifa_cacheinfo)};

constexpr NetlinkAttribute kAddressRows[] = {
    ROW(IFA_ADDRESS, Address),
    ROW(IFA_LOCAL, Address),
    ROW(IFA_LABEL, Text),
    ROW(IFA_BROADCAST, Address),
    ROW(IFA_ANYCAST, Address),
    ROW(IFA_CACHEINFO, Struct, 0, {}, &kAddressCache),
    ROW(IFA_MULTICAST, Address),
    ROW(IFA_FLAGS, Flags, 4, G::AddressFlag),
    ROW(IFA_RT_PRIORITY, Unsigned, 4),
    ROW(IFA_TARGET_NETNSID, Signed, 4),
    ROW(IFA_PROTO, Bytes),
};
constexpr NetlinkAttributes kAddresses{"IFA_???", kAddressRows};

constexpr NetlinkField kRouteFields[] = {
    FIELD(rtmsg, rtm_family, Constant, G::AddressFamily),
    FIELD(rtmsg, rtm_dst_len, Unsigned),
    FIELD(rtmsg, rtm_src_len, Unsigned),
    FIELD(rtmsg, rtm_tos, Hex),
    FIELD(rtmsg, rtm_table, Constant, G::RouteTable),
    FIELD(rtmsg, rtm_protocol, Constant, G::RouteProtocol),
    FIELD(rtmsg, rtm_scope, Constant, G::RouteScope),
    FIELD(rtmsg, rtm_type, Constant, G::RouteType),
    FIELD(rtmsg, rtm_flags, Flags, G::RouteFlag),
};
constexpr NetlinkStruct kRouteHeader{kRouteFields, sizeof(rtmsg)};

constexpr NetlinkField kRouteCacheFields[] = {
    FIELD(rta_cacheinfo, rta_clntref, Unsigned), FIELD(rta_cacheinfo, rta_lastuse, Unsigned),
    FIELD(rta_cacheinfo, rta_expires, Unsigned), FIELD(rta_cacheinfo, rta_error, Unsigned),
    FIELD(rta_cacheinfo, rta_used, Unsigned),    FIELD(rta_cacheinfo, rta_id, Hex),
    FIELD(rta_cacheinfo, rta_ts, Unsigned),      FIELD(rta_cacheinfo, rta_tsage, Unsigned),
};
constexpr NetlinkStruct kRouteCache{kRouteCacheFields, sizeof(rta_cacheinfo)};

constexpr NetlinkAttribute kMetricRows[] = {
    ROW(RTAX_LOCK, Unsigned, 4),         ROW(RTAX_MTU, Unsigned, 4),
    ROW(RTAX_WINDOW, Unsigned, 4),       ROW(RTAX_RTT, Unsigned, 4),
    ROW(RTAX_RTTVAR, Unsigned, 4),       ROW(RTAX_SSTHRESH, Unsigned, 4),
    ROW(RTAX_CWND, Unsigned, 4),         ROW(RTAX_ADVMSS, Unsigned, 4),
    ROW(RTAX_REORDERING, Unsigned, 4),   ROW(RTAX_HOPLIMIT, Unsigned, 4),
    ROW(RTAX_INITCWND, Unsigned, 4),     ROW(RTAX_FEATURES, Unsigned, 4),
    ROW(RTAX_RTO_MIN, Unsigned, 4),      ROW(RTAX_INITRWND, Unsigned, 4),
    ROW(RTAX_QUICKACK, Unsigned, 4),     ROW(RTAX_CC_ALGO, Text),
    ROW(RTAX_FASTOPEN_NO_COOKIE, Bytes),
};
constexpr NetlinkAttributes kMetrics{"RTAX_???", kMetricRows};

constexpr NetlinkAttribute kRouteRows[] = {
    ROW(RTA_DST, Address),
    ROW(RTA_SRC, Address),
    ROW(RTA_IIF, Interface, 4),
    ROW(RTA_OIF, Interface, 4),
    ROW(RTA_GATEWAY, Address),
    ROW(RTA_PRIORITY, Unsigned, 4),
    ROW(RTA_PREFSRC, Address),
    ROW(RTA_METRICS, Attributes, 0, {}, nullptr, &kMetrics),
    ROW(RTA_MULTIPATH, Bytes),
    ROW(RTA_PROTOINFO, Unsigned, 4),
    ROW(RTA_FLOW, Unsigned, 4),
    ROW(RTA_CACHEINFO, Struct, 0, {}, &kRouteCache),
    ROW(RTA_SESSION, Bytes),
    ROW(RTA_MP_ALGO, Unsigned, 4),
    ROW(RTA_TABLE, Constant, 4, G::RouteTable),
    ROW(RTA_MARK, Unsigned, 4),
    ROW(RTA_MFC_STATS, Bytes),
    ROW(RTA_VIA, Bytes),
    ROW(RTA_NEWDST, Address),
    ROW(RTA_PREF, Unsigned, 1),
    ROW(RTA_ENCAP_TYPE, Bytes),
    ROW(RTA_ENCAP, Bytes),
    ROW(RTA_EXPIRES, Unsigned, 8),
    ROW(RTA_PAD, Bytes),
    ROW(RTA_UID, Unsigned, 4),
    ROW(RTA_TTL_PROPAGATE, Unsigned, 1),
    ROW(RTA_IP_PROTO, Unsigned, 1),
    ROW(RTA_SPORT, Unsigned, 2),
    ROW(RTA_DPORT, Unsigned, 2),
    ROW(RTA_NH_ID, Unsigned, 4),
};
constexpr NetlinkAttributes kRoutes{"RTA_???", kRouteRows};

constexpr NetlinkField kNeighborFields[] = {
    FIELD(ndmsg, ndm_family, Constant, G::AddressFamily),
    FIELD(ndmsg, ndm_ifindex, Interface),
    FIELD(ndmsg, ndm_state, Flags, G::NeighborState),
    FIELD(ndmsg, ndm_flags, Flags, G::NeighborFlag),
    FIELD(ndmsg, ndm_type, Constant, G::RouteType),
};
constexpr NetlinkStruct kNeighborHeader{kNeighborFields, sizeof(ndmsg)};

constexpr NetlinkField kNeighborCacheFields[] = {
    FIELD(nda_cacheinfo, ndm_confirmed, Unsigned),
    FIELD(nda_cacheinfo, ndm_used, Unsigned),
    FIELD(nda_cacheinfo, ndm_updated, Unsigned),
    FIELD(nda_cacheinfo, ndm_refcnt, Unsigned),
};
constexpr NetlinkStruct kNeighborCache{kNeighborCacheFields, sizeof(nda_cacheinfo)};

constexpr NetlinkAttribute kNeighborRows[] = {
    ROW(NDA_DST, Address),
    ROW(NDA_LLADDR, Hardware),
    ROW(NDA_CACHEINFO, Struct, 0, {}, &kNeighborCache),
    ROW(NDA_PROBES, Unsigned, 4),
    ROW(NDA_VLAN, Unsigned, 2),
    ROW(NDA_PORT, Bytes),
    ROW(NDA_VNI, Unsigned, 4),
    ROW(NDA_IFINDEX, Interface, 4),
    ROW(NDA_MASTER, Interface, 4),
    ROW(NDA_LINK_NETNSID, Unsigned, 4),
    ROW(NDA_SRC_VNI, Unsigned, 4),
    ROW(NDA_PROTOCOL, Constant, 1, G::InetProtocol),
    ROW(NDA_NH_ID, Unsigned, 4),
    ROW(NDA_FDB_EXT_ATTRS, Bytes),
};
constexpr NetlinkAttributes kNeighbors{"NDA_???", kNeighborRows};

constexpr NetlinkField kRuleFields[] = {
    FIELD(fib_rule_hdr, family, Constant, G::AddressFamily),
    FIELD(fib_rule_hdr, dst_len, Unsigned),
    FIELD(fib_rule_hdr, src_len, Unsigned),
    FIELD(fib_rule_hdr, tos, Hex),
    FIELD(fib_rule_hdr, table, Constant, G::RouteTable),
    FIELD(fib_rule_hdr, action, Constant, G::RuleAction),
    FIELD(fib_rule_hdr, flags, Flags, G::RuleFlag),
};
constexpr NetlinkStruct kRuleHeader{kRuleFields, sizeof(fib_rule_hdr)};

constexpr NetlinkAttribute kRuleRows[] = {
    ROW(FRA_DST, Address),
    ROW(FRA_SRC, Address),
    ROW(FRA_IIFNAME, Text),
    ROW(FRA_GOTO, Unsigned, 4),
    ROW(FRA_PRIORITY, Unsigned, 4),
    ROW(FRA_FWMARK, Unsigned, 4),
    ROW(FRA_FLOW, Unsigned, 4),
    ROW(FRA_TUN_ID, Bytes),
    ROW(FRA_SUPPRESS_IFGROUP, Unsigned, 4),
    ROW(FRA_SUPPRESS_PREFIXLEN, Unsigned, 4),
    ROW(FRA_TABLE, Constant, 4, G::RouteTable),
    ROW(FRA_FWMASK, Unsigned, 4),
    ROW(FRA_OIFNAME, Text),
    ROW(FRA_PAD, Bytes),
    ROW(FRA_L3MDEV, Unsigned, 1),
    ROW(FRA_UID_RANGE, Bytes),
    ROW(FRA_PROTOCOL, Constant, 1, G::RouteProtocol),
    ROW(FRA_IP_PROTO, Constant, 1, G::InetProtocol),
    ROW(FRA_SPORT_RANGE, Bytes),
    ROW(FRA_DPORT_RANGE, Bytes),
};
constexpr NetlinkAttributes kRules{"FRA_???", kRuleRows};

}  // namespace

std::optional<NetlinkPayload> route_payload(uint16_t type) {
  // Four types in a row are of one kind (rtnetlink.h): new, delete, get, set.
  switch (type & ~3) {
    case RTM_NEWLINK:
      return NetlinkPayload{&kLinkHeader, &kLink};
    case RTM_NEWADDR:
      return NetlinkPayload{&kAddressHeader, &kAddresses};
    case RTM_NEWROUTE:
      return NetlinkPayload{&kRouteHeader, &kRoutes};
    case RTM_NEWNEIGH:
      return NetlinkPayload{&kNeighborHeader, &kNeighbors};
    case RTM_NEWRULE:
      return NetlinkPayload{&kRuleHeader, &kRules};
    default:
      return std::nullopt;
  }
}

}  // namespace wireseam
