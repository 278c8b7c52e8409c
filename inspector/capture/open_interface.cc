// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/open_interface.h"

#include <pcap/pcap.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "common/error.h"
#include "inspector/capture/filter.h"
#include "inspector/capture/interfaces.h"
#include "inspector/capture/loopback_filter.h"

namespace wireseam {
namespace {

// In which the kernel hands over a block of the ring that is not full.
constexpr int kTimeoutMs = 10;

std::string setcap_line() {
  std::error_code error;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", error);
  return "sudo setcap cap_net_raw=ep " + (error ? "$(which wireseam)" : program);
}

std::string list_of_interfaces() {
  std::string list;
  for (const std::string& name : interface_names()) list += (list.empty() ? "" : ", ") + name;
  return list;
}

Error open_error(pcap* handle, int status, const std::string& interface) {
  const std::string what = "cannot capture on '" + interface + "'";
  switch (status) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return Error("cannot capture on", interface, EPERM).with_cure(setcap_line());
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return Error("no interface '" + interface + "'; there are: " + list_of_interfaces());
    case PCAP_ERROR_IFACE_NOT_UP:
      return Error(what + ": it is down").with_cure("sudo ip link set " + interface + " up");
    default: {
      const std::string detail = pcap_geterr(handle);
      return Error(what + ": " + (detail.empty() ? pcap_statustostr(status) : detail));
    }
  }
}

void set_filter(pcap* handle, const std::string& text) {
  if (text.empty()) return;
  const CaptureFilter filter(handle, text);
  if (pcap_setfilter(handle, filter.program()) != 0)
    throw Error("cannot set the capture filter: " + std::string(pcap_geterr(handle)));
}

}  // namespace

PcapHandle open_interface(const LiveOptions& options) {
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  PcapHandle handle(pcap_create(options.interface.c_str(), why.data()));
  if (!handle) throw Error("cannot capture on '" + options.interface + "': " + why.data());
  pcap* const pcap = handle.get();
  pcap_set_snaplen(pcap, options.snapshot_length);
  pcap_set_promisc(pcap, options.promiscuous ? 1 : 0);
  pcap_set_timeout(pcap, kTimeoutMs);
  pcap_set_buffer_size(pcap, options.ring_bytes);
  pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
  const int status = pcap_activate(pcap);
  if (status < 0) throw open_error(pcap, status, options.interface);
  // On "any": tells on which interface a packet was seen. An older libpcap does not know it.
  if (pcap_datalink(pcap) == DLT_LINUX_SLL) pcap_set_datalink(pcap, DLT_LINUX_SLL2);
  set_filter(pcap, options.filter);
  leave_out_departures_on_loopback(pcap_fileno(pcap));
  if (pcap_setnonblock(pcap, 1, why.data()) != 0)
    throw Error("cannot capture on '" + options.interface + "': " + why.data());
  return handle;
}

}  // namespace wireseam
