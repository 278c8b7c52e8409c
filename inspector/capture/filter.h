// SPDX-License-Identifier: Apache-2.0
// Capture filters: pcap-filter(7).
#pragma once

#include <memory>
#include <optional>
#include <string>

struct bpf_program;
struct pcap;

namespace wireseam {

class CaptureFilter {
 public:
  // For the packets of `handle`, which need not remain live. Throws Error, which shows the place in
  // `text`, where it is no filter.
  CaptureFilter(pcap* handle, const std::string& text);

  // The same, without a reason: no value where it is no filter.
  static std::optional<CaptureFilter> compile(pcap* handle, const std::string& text);

  bpf_program* program() const { return program_.get(); }

 private:
  struct Free {
    void operator()(bpf_program* program) const;
  };

  CaptureFilter() = default;

  std::unique_ptr<bpf_program, Free> program_;
};

}  // namespace wireseam
