#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

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

/// Block timings, each worked out once for blocks, and activations, of the same shape at columns that meet the converters
/// alike: copies of a layer differ only in their places.
class BlockTimings {
 public:
  explicit BlockTimings(const ChipConfig& chip);

  /// As block_timing. Valid as long as this object.
  [[nodiscard]] const BlockTiming& of(const BlockRecord& block, bool has_signed_inputs);

 private:
  using Activation = std::pair<ActivationTiming, ActivationEvents>;
  [[nodiscard]] const Activation& activation(const ActivationShape& shape);

  const ChipConfig& chip_;
  std::int64_t period_ = 1;  ///< weight columns after which converters repeat
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, bool>, Activation> activations_;
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, bool>, BlockTiming> timings_;
};

}  // namespace crossloom
