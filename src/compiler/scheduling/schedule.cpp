#include "compiler/scheduling/schedule.h"

#include <algorithm>
#include <utility>

#include "simulator/hardware/chip_geometry.h"
#include "simulator/program/accumulation_tree.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

/// The IO port is at router (0, 0), where tile 0 is.
constexpr std::int64_t kIoTile = 0;

/// Blocks of each copy of each matrix, with their places.
class BlockRecords {
 public:
  BlockRecords(const std::vector<std::int64_t>& num_copies, const std::vector<CopyBlock>& blocks, const Packing& packing) {
    if (blocks.size() != packing.placements.size()) throw InternalError("schedule: the packing is not one of these blocks");
    for (const std::int64_t copies : num_copies) records_.emplace_back(static_cast<std::size_t>(copies));
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const WeightBlock& block = blocks[i].block;
      const BlockPlacement& placement = packing.placements[i];
      records_.at(static_cast<std::size_t>(block.matrix))
          .at(static_cast<std::size_t>(blocks[i].copy))
          .push_back({.crossbar = placement.crossbar,
                      .row0 = placement.row0,
                      .col0 = placement.col0,
                      .rows = block.rows,
                      .cols = block.cols,
                      .first_output = block.matrix_col0,
                      .num_activations = block.num_activations,
                      .input_part = block.input_part,
                      .num_input_values = block.rows * block.num_activations});
    }
  }

  [[nodiscard]] std::vector<std::vector<BlockRecord>>& of_matrix(std::int64_t matrix) {
    return records_.at(static_cast<std::size_t>(matrix));
  }

 private:
  std::vector<std::vector<std::vector<BlockRecord>>> records_;  ///< by matrix and copy
};

/// A column that is cut into n row parts takes n - 1 additions.
std::int64_t num_partial_sum_additions(const std::vector<BlockRecord>& blocks) {
  std::vector<OutputRange> sums;
  sums.reserve(blocks.size());
  for (const BlockRecord& block : blocks) sums.push_back({.first = block.first_output, .end = block.first_output + block.cols});
  return num_additions(sums);
}

void schedule_crossbar(Operation& operation, std::vector<std::vector<BlockRecord>>& blocks, const ChipConfig& chip) {
  operation.copies = deal_windows(operation.num_windows(), static_cast<std::int64_t>(blocks.size()));
  operation.num_unit_operations += num_partial_sum_additions(blocks.front());
  for (std::size_t j = 0; j < blocks.size(); ++j) {
    if (blocks[j].empty()) throw InternalError("schedule: a copy of " + operation.name + " has no block");
    operation.copies[j].home_tile = tile_of_crossbar(chip, blocks[j].front().crossbar);
    operation.copies[j].blocks = std::move(blocks[j]);
  }
}

void schedule_io(Operation& operation) {
  operation.copies = deal_windows(operation.num_windows(), 1);
  operation.copies.front().home_tile = kIoTile;
}

}  // namespace

std::vector<CopyRecord> deal_windows(std::int64_t num_windows, std::int64_t num_copies) {
  if (num_copies < 1 || num_copies > num_windows) throw InternalError("schedule: a copy without windows");
  std::vector<CopyRecord> copies(static_cast<std::size_t>(num_copies));
  for (std::int64_t j = 0; j < num_copies; ++j) {
    CopyRecord& copy = copies[static_cast<std::size_t>(j)];
    copy.first_window = j;
    copy.window_step = num_copies;
    copy.num_windows = ceil_div(num_windows - j, num_copies);
  }
  return copies;
}

void schedule_beside_producers(Operation& operation, const std::vector<Operation>& producers) {
  const Operation* widest = &producers.at(static_cast<std::size_t>(operation.inputs.front().operation));
  for (const OperationInput& input : operation.inputs) {
    const Operation& producer = producers.at(static_cast<std::size_t>(input.operation));
    if (producer.copies.size() > widest->copies.size()) widest = &producer;
  }
  const auto num_copies = std::min(static_cast<std::int64_t>(widest->copies.size()), operation.num_windows());
  operation.copies = deal_windows(operation.num_windows(), num_copies);
  for (std::size_t j = 0; j < operation.copies.size(); ++j) operation.copies[j].home_tile = widest->copies[j].home_tile;
}

PlacedProgram schedule(const LoweredNetwork& lowered, const TileMap& tile_map, const std::vector<CopyBlock>& blocks,
                       const Packing& packing) {
  PlacedProgram program{.network = tile_map.network,
                        .seed = tile_map.seed,
                        .crossbar_budget = tile_map.crossbar_budget,
                        .crossbar_lower_bound = tile_map.crossbar_lower_bound,
                        .chip = tile_map.chip};
  BlockRecords records(tile_map.num_copies, blocks, packing);
  for (const LoweredOperation& step : lowered.operations) {
    Operation operation = step.operation;
    switch (operation.kind) {
      case OperationKind::kCrossbar:
        schedule_crossbar(operation, records.of_matrix(step.matrix), tile_map.chip);
        break;
      case OperationKind::kVector:
      case OperationKind::kPooling:
        schedule_beside_producers(operation, program.operations);
        break;
      case OperationKind::kInput:
      case OperationKind::kOutput:
        schedule_io(operation);
        break;
    }
    program.operations.push_back(std::move(operation));
  }
  return program;
}

}  // namespace crossloom
