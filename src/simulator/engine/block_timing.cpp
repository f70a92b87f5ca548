#include "simulator/engine/block_timing.h"

#include <algorithm>

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

}  // namespace crossloom
