#include "simulator/estimate/flow_plan.h"

#include <algorithm>
#include <span>
#include <utility>

#include "simulator/engine/block_timing.h"
#include "simulator/estimate/flow_builder.h"
#include "simulator/hardware/chip_geometry.h"

namespace crossloom {
namespace {

using Blocks = std::span<const BlockRecord* const>;

/// Sums up the blocks of copies by tile and crossbar.
class BlockGrouper {
 public:
  explicit BlockGrouper(const ChipConfig& chip) : chip_(chip), block_timings_(chip) {}

  void add_groups(const Operation& operation, const CopyRecord& copy, FlowBuilder& builder) {
    blocks_.clear();
    for (const BlockRecord& block : copy.blocks) blocks_.push_back(&block);
    std::stable_sort(blocks_.begin(), blocks_.end(),
                     [](const BlockRecord* a, const BlockRecord* b) { return a->crossbar < b->crossbar; });
    for (std::size_t first = 0; first < blocks_.size();) {
      const std::int64_t tile = tile_of_crossbar(chip_, blocks_[first]->crossbar);
      std::size_t end = first;
      while (end < blocks_.size() && tile_of_crossbar(chip_, blocks_[end]->crossbar) == tile) ++end;
      builder.add_group(group_use(operation, tile, Blocks(blocks_).subspan(first, end - first)));
      first = end;
    }
  }

 private:
  /// Blocks on one crossbar run one after another.
  GroupUse group_use(const Operation& operation, std::int64_t tile, Blocks blocks) {
    GroupUse group{.tile = tile, .num_input_values = num_input_values(blocks)};
    uses_.clear();
    for (const BlockRecord* block : blocks) {
      const BlockTiming& timing = block_timings_.of(*block, operation.has_signed_inputs);
      if (uses_.empty() || uses_.back().crossbar != block->crossbar) uses_.push_back({.crossbar = block->crossbar});
      double& occupancy_fs = uses_.back().occupancy_fs;
      group.latency_fs = std::max(group.latency_fs, occupancy_fs + static_cast<double>(timing.latency_fs));
      occupancy_fs += static_cast<double>(timing.occupancy_fs);
      group.occupancy_fs = std::max(group.occupancy_fs, occupancy_fs);
      group.num_results += block->cols;
      if (chip_.tile.accumulation == Accumulation::kTree) {
        group.outputs.push_back({.first = block->first_output, .end = block->first_output + block->cols});
      }
    }
    group.crossbars = uses_;
    return group;
  }

  /// Blocks with the same input part share one transfer.
  std::int64_t num_input_values(Blocks blocks) {
    std::int64_t values = 0;
    parts_.clear();
    for (const BlockRecord* block : blocks) parts_.emplace_back(block->input_part, block->num_input_values);
    std::stable_sort(parts_.begin(), parts_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i == 0 || parts_[i].first != parts_[i - 1].first) values += parts_[i].second;
    }
    return values;
  }

  const ChipConfig& chip_;
  BlockTimings block_timings_;
  std::vector<const BlockRecord*> blocks_;
  std::vector<CrossbarUse> uses_;
  std::vector<std::pair<std::int64_t, std::int64_t>> parts_;  ///< input part, values
};

}  // namespace

FlowPlan plan_flows(const PlacedProgram& program) {
  FlowBuilder builder(program.chip);
  BlockGrouper grouper(program.chip);
  for (const Operation& operation : program.operations) {
    builder.begin(operation);
    for (const CopyRecord& copy : operation.copies) {
      builder.add_copy(copy.home_tile, copy.num_windows);
      grouper.add_groups(operation, copy, builder);
    }
    builder.end();
  }
  return builder.take();
}

}  // namespace crossloom
