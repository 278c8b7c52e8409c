// SPDX-License-Identifier: Apache-2.0
// Where a program asks for the region that can't open it by its path: it runs as another user than
// root's collector since it has given up its rights, or it sees no /proc (chroot).
#pragma once

#include <string>

#include "common/fd.h"

namespace wireseam {

class RegionDoor {
 public:
  // There is one only where the collector is root: nobody else's programs can change so much, and
  // programs take a descriptor from root alone.
  RegionDoor();

  // What kRegionVariable has behind the path; empty where there is no door.
  const std::string& key() const { return key_; }

  // Gives the descriptor to all that have asked with the key. Does not block.
  void serve(int region) const;

 private:
  Fd socket_;
  std::string key_;
  std::string secret_;
};

}  // namespace wireseam
