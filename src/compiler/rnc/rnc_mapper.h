#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/duplication/group_search.h"
#include "compiler/packing/free_cuts.h"
#include "compiler/packing/packing.h"
#include "compiler/rnc/rnc_evaluator.h"
#include "compiler/rnc/rnc_layers.h"

/// Mappings of ours under RNC's rules, and how long they take in its evaluator.
namespace crossloom {

/// Side of RNC's crossbars, in weights.
inline constexpr std::int64_t kRncCrossbarSide = 128;

/// Single copies of the layers' blocks under RNC's rules: blocks of layers at most one place apart share no crossbar, at most
/// six blocks a crossbar, no rotation. Items in the order of layers and blocks.
[[nodiscard]] PackingProblem rnc_packing_problem(const std::vector<RncLayer>& layers, std::int64_t depth_split,
                                                 std::int64_t num_crossbars);

/// A mapping of ours in RNC's terms.
struct RncResult {
  std::vector<RncPlacement> placements;
  RncMapping mapping;
  std::int64_t num_crossbars = 0;          ///< that hold a block
  double cell_utilization_fraction = 0.0;  ///< of these
};

/// Blocks placed by a packing of `rnc_packing_problem`.
[[nodiscard]] RncResult rnc_result(const std::vector<RncLayer>& layers, std::int64_t depth_split, const Packing& packing);
/// Blocks of one copy of each layer, cut anywhere.
[[nodiscard]] RncResult rnc_result(const std::vector<RncLayer>& layers, std::int64_t depth_split, const CutPacking& packing);

/// The blocks of `rnc_packing_problem` in their matrices; those of depthwise layers are fixed, as their columns take turns.
[[nodiscard]] std::vector<CutBlock> rnc_cut_blocks(const std::vector<RncLayer>& layers, std::int64_t depth_split);

/// Copies and places for the layers on a budget of crossbars by `group_layers` with RNC's floor(); nothing when no packing is
/// found.
[[nodiscard]] std::optional<RncResult> map_for_rnc(const std::vector<RncLayer>& layers, std::int64_t depth_split,
                                                   std::int64_t num_crossbars, const GroupSearchOptions& options);

/// Time until the last of `num_inputs` inputs is done in RNC's evaluator, in ns, on a mapping that `map_for_rnc` makes for as
/// many in `num_steps`; nothing when no packing is found.
[[nodiscard]] std::optional<double> rnc_batch_latency_ns(const std::vector<RncLayer>& layers, std::int64_t depth_split,
                                                         std::int64_t num_crossbars, std::int64_t num_inputs,
                                                         std::int64_t num_steps);
/// The same mapped as ISAAC does: one copy of each layer, each block in a crossbar of its own, depth split 1.
[[nodiscard]] double rnc_isaac_batch_latency_ns(const std::vector<RncLayer>& layers, std::int64_t num_inputs);

}  // namespace crossloom
