#include "simulator/engine/block_timing.h"

#include <algorithm>
#include <utility>

#include "simulator/hardware/chip_geometry.h"

namespace crossloom {

namespace {

/// Adds the activations of a block up, of each of which `figures_of` gives timing and events.
template <class FiguresOf>
BlockTiming add_activations(const BlockRecord& block, bool has_signed_inputs, FiguresOf&& figures_of) {
  BlockTiming timing;
  for (std::int64_t activation = 0; activation < block.num_activations; ++activation) {
    const std::int64_t first = activation * block.cols / block.num_activations;
    const std::int64_t end = (activation + 1) * block.cols / block.num_activations;
    const auto& [one, events] = figures_of(ActivationShape{.rows = block.rows,
                                                           .col0 = block.col0 + first,
                                                           .cols = std::max<std::int64_t>(end - first, 1),
                                                           .has_signed_inputs = has_signed_inputs});
    timing.latency_fs = timing.occupancy_fs + one.latency_fs;
    timing.occupancy_fs += one.interval_fs;
    timing.conversion_fs += one.num_phases * one.convert_fs;
    timing.events += events;
  }
  return timing;
}

}  // namespace

BlockTiming block_timing(const ChipConfig& chip, const BlockRecord& block, bool has_signed_inputs) {
  return add_activations(block, has_signed_inputs, [&chip](const ActivationShape& shape) {
    return std::pair(activation_timing(chip, shape), activation_events(chip, shape));
  });
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
  const auto figures_of = [this](const ActivationShape& shape) -> const auto& { return activation(shape); };
  return timings_.emplace(key, add_activations(block, has_signed_inputs, figures_of)).first->second;
}

const BlockTimings::Activation& BlockTimings::activation(const ActivationShape& shape) {
  const auto key = std::tuple(shape.rows, shape.cols, shape.col0 % period_, shape.has_signed_inputs);
  const auto found = activations_.find(key);
  if (found != activations_.end()) return found->second;
  return activations_.emplace(key, Activation(activation_timing(chip_, shape), activation_events(chip_, shape))).first->second;
}

}  // namespace crossloom
