#include "simulator/estimate/block_times.h"

#include "simulator/engine/block_timing.h"
#include "simulator/hardware/chip_geometry.h"

namespace crossloom {

BlockTimes::BlockTimes(const ChipConfig& chip) : chip_(chip) {
  const std::int64_t columns = converted_columns_per_weight(chip);
  const bool is_aligned = chip.adc.columns_per_adc % columns == 0;
  period_ = is_aligned ? chip.adc.columns_per_adc / columns : num_weight_cols(chip);
}

BlockTimes::Times BlockTimes::of(const BlockRecord& block, bool has_signed_inputs) {
  const auto key = std::tuple(block.rows, block.cols, block.num_activations, block.col0 % period_, has_signed_inputs);
  const auto [at, is_new] = times_.try_emplace(key);
  if (is_new) {
    const BlockTiming timing = block_timing(chip_, block, has_signed_inputs);
    at->second = {.occupancy_fs = static_cast<double>(timing.occupancy_fs),
                  .latency_fs = static_cast<double>(timing.latency_fs)};
  }
  return at->second;
}

}  // namespace crossloom
