#include "simulator/engine/block_timing.h"

#include <algorithm>

#include "simulator/hardware/chip_geometry.h"

namespace crossloom {

BlockTiming block_timing(const ChipConfig& chip, const BlockRecord& block, bool has_signed_inputs) {
  BlockTiming timing;
  for (std::int64_t activation = 0; activation < block.num_activations; ++activation) {
    const std::int64_t first = activation * block.cols / block.num_activations;
    const std::int64_t end = (activation + 1) * block.cols / block.num_activations;
    const ActivationShape shape{.rows = block.rows,
                                .col0 = block.col0 + first,
                                .cols = std::max<std::int64_t>(end - first, 1),
                                .has_signed_inputs = has_signed_inputs};
    const ActivationTiming one = activation_timing(chip, shape);
    timing.latency_fs = timing.occupancy_fs + one.latency_fs;
    timing.occupancy_fs += one.interval_fs;
    timing.conversion_fs += one.num_phases * one.convert_fs;
    timing.events += activation_events(chip, shape);
  }
  return timing;
}

BlockTimings::BlockTimings(const ChipConfig& chip) : chip_(chip) {
  const std::int64_t columns = converted_columns_per_weight(chip);
  const bool is_aligned = chip.adc.columns_per_adc % columns == 0;
  period_ = is_aligned ? chip.adc.columns_per_adc / columns : num_weight_cols(chip);
}

const BlockTiming& BlockTimings::of(const BlockRecord& block, bool has_signed_inputs) {
  const auto key = std::tuple(block.rows, block.cols, block.num_activations, block.col0 % period_, has_signed_inputs);
  const auto found = timings_.find(key);
  if (found != timings_.end()) return found->second;
  return timings_.emplace(key, block_timing(chip_, block, has_signed_inputs)).first->second;
}

}  // namespace crossloom
