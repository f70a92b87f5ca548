#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "simulator/hardware/chip_config.h"
#include "simulator/program/placed_program.h"

namespace crossloom {

/// Durations of block activations, worked out once for blocks of the same shape at columns that meet the converters alike:
/// copies of a layer differ only in their places.
class BlockTimes {
 public:
  struct Times {
    double occupancy_fs = 0.0;  ///< the crossbar is taken
    double latency_fs = 0.0;    ///< until the last result is stored
  };

  explicit BlockTimes(const ChipConfig& chip);

  /// As block_timing, which names what it throws.
  [[nodiscard]] Times of(const BlockRecord& block, bool has_signed_inputs);

 private:
  const ChipConfig& chip_;
  std::int64_t period_ = 1;  ///< weight columns after which converters repeat
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, bool>, Times> times_;
};

}  // namespace crossloom
