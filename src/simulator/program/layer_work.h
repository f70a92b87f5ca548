#pragma once

#include <cstdint>
#include <string>

#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

/// What an operation asks of the machine for one image, before placement: what duplication and the estimate need to know.
struct LayerWork {
  std::string name;
  std::int64_t num_windows = 0;
  TimeFs window_fs = 0;               ///< time one copy's slowest block is taken by one window
  std::int64_t num_weights = 0;       ///< of one copy: area in a crossbar
  std::int64_t num_blocks = 0;        ///< of one copy
  TimeFs latency_fs = 0;              ///< of a window, from its activations until the last result is stored
  std::int64_t num_input_values = 0;  ///< a window reads into registers, blocks with the same inputs once
  std::int64_t num_input_parts = 0;   ///< sets of blocks with the same inputs
  std::int64_t num_results = 0;       ///< partial sums of a window
  Operation operation;                ///< the program's record without copies; unit operations with those of partial sums
  friend bool operator==(const LayerWork&, const LayerWork&) = default;
};

}  // namespace crossloom
