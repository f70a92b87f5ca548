#include "simulator/estimate/layer_plan.h"

#include <algorithm>
#include <span>
#include <string>

#include "simulator/estimate/flow_builder.h"
#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

bool has_blocks(const LayerWork& work) { return work.num_blocks > 0; }

/// Stretches of the chip, one behind the other.
class NominalPlacement {
 public:
  NominalPlacement(const ChipConfig& chip, std::int64_t num_crossbars, double num_weights)
      : chip_(chip), num_crossbars_(num_crossbars), crossbars_a_weight_(static_cast<double>(num_crossbars) / num_weights) {}

  struct Stretch {
    std::int64_t first_tile = 0;
    std::int64_t last_tile = 0;
  };
  Stretch next(std::int64_t num_weights, std::int64_t num_blocks) {
    const double begin = next_;
    next_ += static_cast<double>(num_weights) * crossbars_a_weight_;
    // No more tiles than blocks.
    const double end = std::min(next_, begin + static_cast<double>(num_blocks) - 1.0);
    return {.first_tile = tile_at(begin), .last_tile = tile_at(std::max(begin, end - kEdge))};
  }

 private:
  static constexpr double kEdge = 1e-6;

  [[nodiscard]] std::int64_t tile_at(double crossbar) const {
    const auto at = static_cast<std::int64_t>(crossbar + kEdge);
    return tile_of_crossbar(chip_, std::min(at, num_crossbars_ - 1));
  }

  const ChipConfig& chip_;
  std::int64_t num_crossbars_ = 0;
  double crossbars_a_weight_ = 0.0;
  double next_ = 0.0;
};

/// Deals blocks out to crossbars in turn, so that those of one layer and its neighbours share one last, as packings arrange it.
class NominalCrossbars {
 public:
  explicit NominalCrossbars(std::int64_t num_crossbars) : num_crossbars_(num_crossbars) {}

  /// Crossbars of the next `num_blocks` blocks, each taken for `occupancy_fs`; valid until the next call.
  std::span<const CrossbarUse> next(std::int64_t num_blocks, double occupancy_fs) {
    uses_.clear();
    for (std::int64_t i = 0; i < num_blocks; ++i) {
      uses_.push_back({.crossbar = next_, .occupancy_fs = occupancy_fs});
      next_ = (next_ + 1) % num_crossbars_;
    }
    return uses_;
  }

 private:
  std::int64_t num_crossbars_ = 1;
  std::int64_t next_ = 0;
  std::vector<CrossbarUse> uses_;
};

/// Output values of partial sums [first, first + num_sums) of a layer, whose blocks follow each other row part by row part;
/// none on a chip without accumulation trees.
std::vector<OutputRange> nominal_outputs(const ChipConfig& chip, std::int64_t first, std::int64_t num_sums,
                                         std::int64_t num_outputs) {
  std::vector<OutputRange> outputs;
  if (chip.tile.accumulation == Accumulation::kHomeTile) return outputs;
  for (std::int64_t at = first; at < first + num_sums;) {
    const std::int64_t begin = at % num_outputs;
    const std::int64_t size = std::min(num_outputs - begin, first + num_sums - at);
    outputs.push_back({.first = begin, .end = begin + size});
    at += size;
  }
  return outputs;
}

/// Spreads the blocks of a copy over tiles first to last.
void add_groups(const ChipConfig& chip, const LayerWork& work, const NominalPlacement::Stretch& stretch,
                NominalCrossbars& crossbars, FlowBuilder& builder) {
  const std::int64_t num_tiles = std::min(stretch.last_tile - stretch.first_tile + 1, work.num_blocks);
  const std::int64_t most_blocks = ceil_div(work.num_blocks, num_tiles);
  const std::int64_t part_values = ceil_div(work.num_input_values, work.num_input_parts);
  const std::int64_t values = std::max(part_values, ceil_div(work.num_input_values * most_blocks, work.num_blocks));
  const auto occupancy_fs = static_cast<double>(work.window_fs);
  const std::int64_t num_results = ceil_div(work.num_results * most_blocks, work.num_blocks);
  for (std::int64_t i = 0; i < num_tiles; ++i) {
    const std::int64_t num_blocks = ceil_div(work.num_blocks - i, num_tiles);
    builder.add_group({.tile = stretch.first_tile + i,
                       .num_input_values = values,
                       .num_results = num_results,
                       .outputs = nominal_outputs(chip, i * num_results, num_results, work.operation.output_channels),
                       .latency_fs = static_cast<double>(work.latency_fs),
                       .occupancy_fs = occupancy_fs,
                       .crossbars = crossbars.next(num_blocks, occupancy_fs)});
  }
}

}  // namespace

std::vector<std::int64_t> copies_of_operations(const std::vector<LayerWork>& works,
                                               const std::vector<std::int64_t>& num_copies) {
  std::vector<std::int64_t> all;
  std::size_t next = 0;
  for (const LayerWork& work : works) {
    const Operation& operation = work.operation;
    std::int64_t copies = has_blocks(work) ? num_copies.at(next++) : 1;
    if (operation.kind == OperationKind::kVector || operation.kind == OperationKind::kPooling) {
      for (const OperationInput& input : operation.inputs) {
        copies = std::max(copies, all.at(static_cast<std::size_t>(input.operation)));
      }
      copies = std::min(copies, work.num_windows);
    }
    all.push_back(copies);
  }
  return all;
}

FlowPlan plan_flows(const std::vector<LayerWork>& works, const std::vector<std::int64_t>& num_copies, const ChipConfig& chip,
                    std::int64_t num_crossbars) {
  if (num_crossbars < 1 || num_crossbars > crossloom::num_crossbars(chip)) {
    throw InternalError("an estimate over a budget of " + std::to_string(num_crossbars) + " crossbars");
  }
  const std::vector<std::int64_t> copies = copies_of_operations(works, num_copies);
  double num_weights = 0.0;
  for (std::size_t i = 0; i < works.size(); ++i) {
    num_weights += static_cast<double>(works[i].num_weights) * static_cast<double>(copies[i]);
  }
  NominalPlacement placement(chip, num_crossbars, num_weights);
  NominalCrossbars crossbars(num_crossbars);
  FlowBuilder builder(chip);
  std::vector<std::vector<std::int64_t>> homes(works.size());  // of the copies of each operation
  for (std::size_t i = 0; i < works.size(); ++i) {
    const LayerWork& work = works[i];
    std::size_t widest = 0;  // producer whose tiles a digital operation works on
    for (const OperationInput& input : work.operation.inputs) {
      const auto producer = static_cast<std::size_t>(input.operation);
      if (homes[producer].size() > homes[widest].size()) widest = producer;
    }
    builder.begin(work.operation);
    for (std::int64_t copy = 0; copy < copies[i]; ++copy) {
      const std::int64_t windows = ceil_div(work.num_windows - copy, copies[i]);
      if (has_blocks(work)) {
        const NominalPlacement::Stretch stretch = placement.next(work.num_weights, work.num_blocks);
        homes[i].push_back(stretch.first_tile);
        builder.add_copy(stretch.first_tile, windows);
        add_groups(chip, work, stretch, crossbars, builder);
      } else {
        const auto at = static_cast<std::size_t>(copy);
        homes[i].push_back(at < homes[widest].size() ? homes[widest][at] : 0);
        builder.add_copy(homes[i].back(), windows);
      }
    }
    builder.end();
  }
  return builder.take();
}

}  // namespace crossloom
