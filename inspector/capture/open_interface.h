// SPDX-License-Identifier: Apache-2.0
// Opens an interface for capturing.
#pragma once

#include "inspector/capture/live_capture.h"
#include "inspector/capture/pcap_handle.h"

namespace wireseam {

// Captures from now on, does not block. Throws Error, with what to do about it.
PcapHandle open_interface(const LiveOptions& options);

}  // namespace wireseam
