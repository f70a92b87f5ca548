#include "compiler/packing/pack_fewest.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "compiler/packing/column_bound.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Sets of blocks looked at by the linear programs, some seconds in all: conflicts matter where the blocks are few and large.
constexpr std::int64_t kNumNodes = 3'000'000;
constexpr std::int64_t kNumNodesWithConflicts = 1'000'000;

Packing packed(const PackingProblem& problem, const Packer& packer, const PackingGoal& goal) {
  std::optional<Packing> packing = packer.pack(problem, goal);
  if (!packing) throw InternalError("packer " + std::string(packer.name) + ": fails with a crossbar for each block");
  return *std::move(packing);
}

/// All blocks of one layer that may share a crossbar.
PackingProblem without_conflicts(PackingProblem problem) {
  problem.conflict_distance = -1;
  for (PackingItem& item : problem.items) item.layer = 0;
  return problem;
}

CrossbarBound with_columns(const PackingProblem& problem, const Packing& packing, CrossbarBound bound) {
  const auto improve = [&](const PackingProblem& relaxed, std::int64_t num_nodes) {
    const std::int64_t proven =
        column_generation_bound(relaxed, packing, {.num_nodes = num_nodes, .known = bound.num_crossbars});
    if (proven > bound.num_crossbars) bound = {.num_crossbars = proven, .reason = "columns"};
  };
  improve(without_conflicts(problem), kNumNodes);
  improve(problem, kNumNodesWithConflicts);
  return bound;
}

}  // namespace

FewestPacking pack_fewest(PackingProblem problem, const Packer& packer, PackingEffort effort) {
  problem.num_crossbars = static_cast<std::int64_t>(problem.items.size());
  check(problem);
  CrossbarBound bound = lower_bound(problem);
  if (effort != PackingEffort::kBest) return {.packing = packed(problem, packer, {.effort = effort}), .bound = bound};

  Packing packing = packed(problem, packer, {.effort = PackingEffort::kDefault});
  bound = with_columns(problem, packing, bound);
  if (packing.num_crossbars > bound.num_crossbars)
    packing = packed(problem, packer, {.effort = effort, .enough = bound.num_crossbars});
  return {.packing = std::move(packing), .bound = bound};
}

}  // namespace crossloom
