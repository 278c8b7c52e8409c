// SPDX-License-Identifier: Apache-2.0
// How traced programs learn that their collector has died, even by SIGKILL and even if nobody reaps
// it: a word in the shared region where the kernel leaves FUTEX_OWNER_DIED.
//
// The kernel does so for each lock on the thread's robust list (get_robust_list(2)). The list
// itself lies in our own memory and is never followed by us; of the shared memory the kernel reads
// the word alone, and writes it only where it holds our tid. So whoever writes into the region can
// make the collector look alive or dead, and nothing else: unlike a robust mutex of pthread's,
// which keeps the list's pointers beside the word.
#pragma once

#include <linux/futex.h>

#include <atomic>
#include <cstdint>

namespace wireseam {

class CollectorLife {
 public:
  // Marks the word. The thread that does so must live as long as the collector; programs take its
  // end for the end of it all. The word must stay mapped as long as this.
  explicit CollectorLife(std::atomic<uint32_t>& word);
  ~CollectorLife();
  CollectorLife(const CollectorLife&) = delete;
  CollectorLife& operator=(const CollectorLife&) = delete;

  // Whether the word is as it was left; if not, it is put right.
  bool is_intact();

 private:
  std::atomic<uint32_t>& word_;
  uint32_t tid_;
  robust_list entry_{};
  robust_list_head list_{};
  robust_list_head* old_list_ = nullptr;
  size_t old_size_ = 0;
};

}  // namespace wireseam
