#pragma once

#include <cstdint>
#include <string>

#include "support/units.h"

namespace crossloom {

/// What an operation asks of the machine for one image, before placement: what duplication needs to know.
struct LayerWork {
  std::string name;
  std::int64_t num_windows = 0;
  TimeFs window_fs = 0;          ///< time one copy's slowest block is taken by one window
  std::int64_t num_weights = 0;  ///< of one copy: area in a crossbar
  std::int64_t num_blocks = 0;   ///< of one copy
  friend bool operator==(const LayerWork&, const LayerWork&) = default;
};

}  // namespace crossloom
