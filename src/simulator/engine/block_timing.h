#pragma once

#include <cstdint>

#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_config.h"
#include "simulator/program/placed_program.h"
#include "support/units.h"

namespace crossloom {

/// What one window of a block asks of its crossbar: `num_activations` activations one after another, the j-th reading its equal
/// share of the block's columns.
struct BlockTiming {
  TimeFs occupancy_fs = 0;   ///< until the crossbar takes the next activation: sum of the activations' intervals
  TimeFs latency_fs = 0;     ///< until the last result is stored: intervals of all but the last, and the last one's latency
  TimeFs conversion_fs = 0;  ///< its busiest ADC converts, column selection included; at most occupancy_fs
  ActivationEvents events;   ///< of all activations together
  friend bool operator==(const BlockTiming&, const BlockTiming&) = default;
};

/// Linear in block.num_activations.
[[nodiscard]] BlockTiming block_timing(const ChipConfig& chip, const BlockRecord& block, bool has_signed_inputs);

}  // namespace crossloom
