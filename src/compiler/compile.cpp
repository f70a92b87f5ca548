#include "compiler/compile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/duplication/duplicate.h"
#include "compiler/duplication/estimate_work.h"
#include "compiler/duplication/fit_copies.h"
#include "compiler/lowering/lower.h"
#include "compiler/packing/balance_load.h"
#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packer.h"
#include "compiler/partition/partition.h"
#include "compiler/placement/place.h"
#include "compiler/scheduling/schedule.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/program/verify_program.h"
#include "support/error.h"
#include "support/integer_math.h"

namespace crossloom {
namespace {

void check_option(std::string_view name, std::int64_t value, std::int64_t min) {
  if (value < min) throw UserError(fmt::format("{}: {}, allowed: at least {}", name, value, min));
}

void check(const CompileOptions& options) {
  check_option("seed", options.seed, 0);
  check_option("depth split", options.depth_split, 1);
  check_option("conflict distance", options.conflict_distance, -1);
  check_option("blocks a crossbar", options.max_blocks_per_crossbar, 0);
}

MatrixBlocks partition_all(const std::vector<WeightMatrix>& matrices, const ChipConfig& chip, const CompileOptions& options) {
  const PartitionOptions sizes{
      .crossbar_rows = chip.crossbar.rows, .crossbar_weight_cols = num_weight_cols(chip), .depth_split = options.depth_split};
  MatrixBlocks blocks;
  blocks.reserve(matrices.size());
  for (const WeightMatrix& matrix : matrices)
    blocks.push_back(partition(matrix, static_cast<std::int64_t>(blocks.size()), sizes));
  return blocks;
}

PackingProblem packing_rules(const ChipConfig& chip, const CompileOptions& options) {
  return {.crossbar_rows = chip.crossbar.rows,
          .crossbar_cols = num_weight_cols(chip),
          .max_blocks_per_crossbar = options.max_blocks_per_crossbar,
          .conflict_distance = options.conflict_distance};
}

/// One copy of each matrix with as many crossbars as blocks, so that a packing exists whatever the chip.
PackedCopies pack_single_copies(FitProblem problem) {
  for (const std::vector<WeightBlock>& blocks : problem.blocks)
    problem.rules.num_crossbars += static_cast<std::int64_t>(blocks.size());
  std::optional<PackedCopies> packed = pack_copies(problem, std::vector<std::int64_t>(problem.blocks.size(), 1));
  if (!packed) throw InternalError(fmt::format("packer {}: fails with a crossbar for each block", problem.packer.name));
  return *std::move(packed);
}

/// ceil(fewest x multiple); a product within 1e-9 of a whole number is that number, so that 1.1 x 50 is 55.
std::int64_t multiple_of_fewest(std::int64_t fewest, double multiple) {
  const double product = static_cast<double>(fewest) * multiple;
  return static_cast<std::int64_t>(std::ceil(product * (1.0 - 1e-9)));
}

std::int64_t crossbar_budget(const CrossbarBudget& budget, std::int64_t fewest, const ChipConfig& chip) {
  const std::int64_t available = num_crossbars(chip);
  if (budget.multiple_of_fewest)
    return std::clamp<std::int64_t>(multiple_of_fewest(fewest, *budget.multiple_of_fewest), 1, available);
  if (!budget.count) return available;
  if (*budget.count < 1 || *budget.count > available) {
    throw UserError(
        fmt::format("--crossbars: {}, allowed: 1 to {}, the crossbars of chip {}", *budget.count, available, chip.name));
  }
  return *budget.count;
}

std::vector<std::vector<BlockSize>> sizes_of(const MatrixBlocks& matrices) {
  std::vector<std::vector<BlockSize>> sizes;
  sizes.reserve(matrices.size());
  for (const std::vector<WeightBlock>& blocks : matrices) {
    std::vector<BlockSize>& each = sizes.emplace_back();
    for (const WeightBlock& block : blocks) each.push_back({.rows = block.rows, .cols = block.cols});
  }
  return sizes;
}

PackedCopies spend_on_copies(const FitProblem& problem, const std::vector<LayerWork>& works, TimeFs floor_interval_fs,
                             PackedCopies single) {
  const PackingProblem& rules = problem.rules;
  const DuplicationPath path =
      duplicate({.layers = works,
                 .crossbar_weights = rules.crossbar_rows * rules.crossbar_cols,
                 .num_crossbars = rules.num_crossbars,
                 .max_blocks_per_crossbar = rules.max_blocks_per_crossbar,
                 .conflict_distance = rules.conflict_distance,
                 .size_measures = size_measures(sizes_of(problem.blocks), rules.crossbar_rows, rules.crossbar_cols),
                 .floor_interval_fs = floor_interval_fs});
  return furthest_fit(problem, path, std::move(single));
}

/// How often balancing may ask whether blocks fit together: each question looks at all blocks, so fewer of many.
std::int64_t num_balance_questions(std::size_t num_blocks, PackingEffort effort) {
  const auto blocks = static_cast<std::int64_t>(std::max<std::size_t>(num_blocks, 1));
  switch (effort) {
    case PackingEffort::kFast:
      return 0;
    case PackingEffort::kDefault:
      return 1'000'000 / blocks;
    case PackingEffort::kBest:
      return 100'000'000 / blocks;
  }
  throw InternalError("PackingEffort outside its range");
}

/// Spreads the time that an image takes the blocks over the crossbars.
void balance(PackedCopies& packed, const std::vector<LayerWork>& works, PackingEffort effort) {
  std::vector<std::int64_t> loads;
  loads.reserve(packed.blocks.size());
  for (const CopyBlock& copy : packed.blocks) {
    const auto matrix = static_cast<std::size_t>(copy.block.matrix);
    loads.push_back(layer_interval_fs(works[matrix], packed.num_copies[matrix]));
  }
  packed.packing = balance_load(packed.problem, std::move(packed.packing), loads, num_balance_questions(loads.size(), effort));
}

std::vector<LayerSummary> summarize(const std::vector<WeightMatrix>& matrices, const MatrixBlocks& blocks,
                                    const std::vector<LayerWork>& works, const std::vector<std::int64_t>& num_copies) {
  std::vector<LayerSummary> layers;
  layers.reserve(matrices.size());
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    std::int64_t activations_a_window = 0;
    for (const WeightBlock& block : blocks[i]) activations_a_window += block.num_activations;
    layers.push_back({.layer = matrices[i].layer,
                      .rows = matrices[i].rows,
                      .cols = matrices[i].cols,
                      .num_blocks = works[i].num_blocks,
                      .num_copies = num_copies[i],
                      .num_windows = works[i].num_windows,
                      .num_activations = checked_mul(works[i].num_windows, activations_a_window, "the number of activations"),
                      .interval_ns = fs_to_ns(layer_interval_fs(works[i], num_copies[i]))});
  }
  return layers;
}

void require_clean(std::string_view check_name, const std::vector<std::string>& findings) {
  constexpr std::size_t kNumShown = 3;
  if (findings.empty()) return;
  const std::size_t num_shown = std::min(kNumShown, findings.size());
  throw InternalError(
      fmt::format("{} refuses the compiled network: {}", check_name,
                  fmt::join(findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(num_shown), "; ")));
}

void verify(const PackedCopies& packed, const CompiledNetwork& compiled) {
  require_clean("verify_packing", verify_packing(packed.problem, packed.packing));
  require_clean("verify_tile_map", verify_tile_map(compiled.tile_map));
  require_clean("verify_program", verify_program(compiled.program));
  require_clean("verify_agreement", verify_agreement(compiled.tile_map, compiled.program));
}

}  // namespace

std::variant<CompiledNetwork, DoesNotFit> compile(const Network& network, const ChipConfig& chip,
                                                  const CompileOptions& options) {
  check(options);
  check_network(network);
  const LoweredNetwork lowered = lower(network);
  const MatrixBlocks blocks = partition_all(lowered.matrices, chip, options);
  const std::vector<LayerWork> works = estimate_work(lowered, blocks, chip);

  const Packer& packer = options.packer.empty() ? packers().front() : packer_by_name(options.packer);
  FitProblem problem{
      .rules = packing_rules(chip, options), .blocks = blocks, .packer = packer, .goal = {.effort = options.effort}};
  PackedCopies packed = pack_single_copies(problem);
  const std::int64_t fewest = packed.packing.num_crossbars;
  const CrossbarBound bound = lower_bound(packed.problem);
  const std::int64_t budget = crossbar_budget(options.budget, fewest, chip);
  if (fewest > budget) {
    return DoesNotFit{
        .num_crossbars_needed = fewest, .crossbar_lower_bound = bound.num_crossbars, .num_crossbars_available = budget};
  }
  problem.rules.num_crossbars = budget;
  problem.goal.enough = budget;
  packed.problem.num_crossbars = budget;
  if (options.duplicate) packed = spend_on_copies(problem, works, io_interval_fs(network, chip), std::move(packed));
  balance(packed, works, options.effort);

  CompiledNetwork compiled{.num_crossbars_fewest = fewest, .fewest_bound = bound};
  compiled.layers = summarize(lowered.matrices, blocks, works, packed.num_copies);
  compiled.tile_map = place_row_major(chip, lowered.matrices, packed.num_copies, packed.blocks, packed.packing);
  compiled.tile_map.network = network.name;
  compiled.tile_map.seed = options.seed;
  compiled.tile_map.crossbar_budget = budget;
  compiled.tile_map.crossbar_lower_bound = area_lower_bound(packed.problem);
  compiled.program = schedule(lowered, compiled.tile_map, packed.blocks, packed.packing);
  verify(packed, compiled);
  return compiled;
}

}  // namespace crossloom
