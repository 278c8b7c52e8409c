// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/ioctl_request.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include <linux/sockios.h>

namespace wireseam {
namespace {

using enum IoctlShape;
using enum IoctlWay;

constexpr IoctlRequest kRequests[] = {
    {FIONREAD, Int, Out, {}},
    {SIOCOUTQ, Int, Out, {}},
    {SIOCOUTQNSD, Int, Out, {}},
    {SIOCATMARK, Int, Out, {}},
    {SIOCGPGRP, Int, Out, {}},
    {FIOGETOWN, Int, Out, {}},
    {FIONBIO, Int, In, {}},
    {FIOASYNC, Int, In, {}},
    {SIOCSPGRP, Int, In, {}},
    {FIOSETOWN, Int, In, {}},
    {SIOCGIFADDR, Address, Out, "ifr_addr"},
    {SIOCSIFADDR, Address, In, "ifr_addr"},
    {SIOCGIFDSTADDR, Address, Out, "ifr_dstaddr"},
    {SIOCSIFDSTADDR, Address, In, "ifr_dstaddr"},
    {SIOCGIFBRDADDR, Address, Out, "ifr_broadaddr"},
    {SIOCSIFBRDADDR, Address, In, "ifr_broadaddr"},
    {SIOCGIFNETMASK, Address, Out, "ifr_netmask"},
    {SIOCSIFNETMASK, Address, In, "ifr_netmask"},
    {SIOCGIFHWADDR, Hardware, Out, "ifr_hwaddr"},
    {SIOCSIFHWADDR, Hardware, In, "ifr_hwaddr"},
    {SIOCGIFFLAGS, Flags, Out, "ifr_flags"},
    {SIOCSIFFLAGS, Flags, In, "ifr_flags"},
    {SIOCGIFINDEX, Index, Out, "ifr_ifindex"},
    {SIOCGIFMETRIC, Index, Out, "ifr_metric"},
    {SIOCSIFMETRIC, Index, In, "ifr_metric"},
    {SIOCGIFMTU, Index, Out, "ifr_mtu"},
    {SIOCSIFMTU, Index, In, "ifr_mtu"},
    {SIOCGIFTXQLEN, Index, Out, "ifr_qlen"},
    {SIOCSIFTXQLEN, Index, In, "ifr_qlen"},
    {SIOCGIFNAME, Name, Out, "ifr_name"},
};

}  // namespace

const IoctlRequest* find_ioctl(uint64_t number) {
  const auto* row =
      std::ranges::find(kRequests, uint64_t{static_cast<uint32_t>(number)}, &IoctlRequest::number);
  return row != std::end(kRequests) ? row : nullptr;
}

}  // namespace wireseam
