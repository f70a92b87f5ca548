#include "compiler/duplication/estimate_work.h"

#include <algorithm>

#include "simulator/hardware/activation_timing.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

TimeFs window_fs(const WeightBlock& block, bool has_signed_inputs, const ChipConfig& chip) {
  const ActivationTiming timing =
      activation_timing(chip, {.rows = block.rows, .col0 = 0, .cols = block.cols, .has_signed_inputs = has_signed_inputs});
  return checked_mul(block.num_activations, timing.interval_fs, "the time of a window");
}

LayerWork layer_work(const Operation& operation, const std::vector<WeightBlock>& blocks, const ChipConfig& chip) {
  LayerWork work{
      .name = operation.name, .num_windows = operation.num_windows(), .num_blocks = static_cast<std::int64_t>(blocks.size())};
  for (const WeightBlock& block : blocks) {
    work.num_weights += block.rows * block.cols;
    try {
      work.window_fs = std::max(work.window_fs, window_fs(block, operation.has_signed_inputs, chip));
    } catch (const UserError& error) {
      throw LayerError(operation.name, error.what());
    }
  }
  return work;
}

TimeFs transfer_fs(const TensorShape& shape, const ChipConfig& chip) {
  const std::int64_t num_bits = checked_mul(shape.num_values(), chip.arithmetic.activation_bits, "the bits of an image");
  return cycles_to_fs(num_bits, chip.io.bits_per_s);
}

}  // namespace

std::vector<LayerWork> estimate_work(const LoweredNetwork& lowered, const MatrixBlocks& blocks, const ChipConfig& chip) {
  std::vector<LayerWork> works;
  works.reserve(blocks.size());
  for (const LoweredOperation& step : lowered.operations) {
    if (step.matrix >= 0) works.push_back(layer_work(step.operation, blocks.at(static_cast<std::size_t>(step.matrix)), chip));
  }
  return works;
}

TimeFs io_interval_fs(const Network& network, const ChipConfig& chip) {
  return std::max(transfer_fs(network.input_shape, chip), transfer_fs(network.layers.back().output_shape, chip));
}

}  // namespace crossloom
