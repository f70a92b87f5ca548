#include "compiler/duplication/estimate_work.h"

#include <algorithm>
#include <set>

#include "simulator/engine/block_timing.h"
#include "simulator/hardware/off_chip.h"
#include "simulator/program/accumulation_tree.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

/// Adds what a window asks of one block.
void add_block(const WeightBlock& block, BlockTimings& block_timings, LayerWork& work) {
  const BlockRecord record{.rows = block.rows, .cols = block.cols, .num_activations = block.num_activations};
  const BlockTiming& timing = block_timings.of(record, work.operation.has_signed_inputs);
  work.window_fs = std::max(work.window_fs, timing.occupancy_fs);
  work.latency_fs = std::max(work.latency_fs, timing.latency_fs);
  work.num_weights += block.rows * block.cols;
  work.num_results += block.cols;
}

LayerWork layer_work(const Operation& operation, const std::vector<WeightBlock>& blocks, BlockTimings& block_timings) {
  LayerWork work{.name = operation.name,
                 .num_windows = operation.num_windows(),
                 .num_blocks = static_cast<std::int64_t>(blocks.size()),
                 .operation = operation};
  std::set<std::int64_t> parts;
  std::vector<OutputRange> sums;
  sums.reserve(blocks.size());
  for (const WeightBlock& block : blocks) {
    try {
      add_block(block, block_timings, work);
    } catch (const UserError& error) {
      throw LayerError(operation.name, error.what());
    }
    sums.push_back({.first = block.matrix_col0, .end = block.matrix_col0 + block.cols});
    if (parts.insert(block.input_part).second) work.num_input_values += block.rows * block.num_activations;
  }
  work.num_input_parts = static_cast<std::int64_t>(parts.size());
  work.operation.num_unit_operations += num_additions(sums);
  return work;
}

TimeFs transfer_fs(const TensorShape& shape, const ChipConfig& chip) {
  const std::int64_t num_bits = checked_mul(shape.num_values(), chip.arithmetic.activation_bits, "the bits of an image");
  return port_transfer(chip, num_bits).interval_fs();
}

}  // namespace

std::vector<LayerWork> estimate_all_work(const LoweredNetwork& lowered, const MatrixBlocks& blocks, const ChipConfig& chip) {
  const std::vector<WeightBlock> no_blocks;
  BlockTimings block_timings(chip);
  std::vector<LayerWork> works;
  works.reserve(lowered.operations.size());
  for (const LoweredOperation& step : lowered.operations) {
    const bool has_matrix = step.matrix >= 0;
    works.push_back(
        layer_work(step.operation, has_matrix ? blocks.at(static_cast<std::size_t>(step.matrix)) : no_blocks, block_timings));
  }
  return works;
}

std::vector<LayerWork> estimate_work(const LoweredNetwork& lowered, const MatrixBlocks& blocks, const ChipConfig& chip) {
  std::vector<LayerWork> works = estimate_all_work(lowered, blocks, chip);
  std::erase_if(works, [](const LayerWork& work) { return work.operation.kind != OperationKind::kCrossbar; });
  return works;
}

TimeFs io_interval_fs(const Network& network, const ChipConfig& chip) {
  return std::max(transfer_fs(network.input_shape, chip), transfer_fs(network.layers.back().output_shape, chip));
}

}  // namespace crossloom
