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

/// Sets of blocks looked at by the linear program: some seconds.
constexpr std::int64_t kNumNodes = 9'000'000;

Packing packed(const PackingProblem& problem, const Packer& packer, const PackingGoal& goal) {
  std::optional<Packing> packing = packer.pack(problem, goal);
  if (!packing) throw InternalError("packer " + std::string(packer.name) + ": fails with a crossbar for each block");
  return *std::move(packing);
}

CrossbarBound with_columns(const PackingProblem& problem, const Packing& packing, const CrossbarBound& bound) {
  const std::int64_t proven = column_generation_bound(problem, packing, {.num_nodes = kNumNodes, .known = bound.num_crossbars});
  return proven > bound.num_crossbars ? CrossbarBound{.num_crossbars = proven, .reason = "columns"} : bound;
}

/// Fewer crossbars, one at a time, for as long as short searches find some.
Packing with_short_searches(PackingProblem problem, Packing packing, const Packer& packer, const CrossbarBound& bound) {
  while (packing.num_crossbars > bound.num_crossbars) {
    problem.num_crossbars = packing.num_crossbars - 1;
    std::optional<Packing> fewer = packer.pack(problem, {.effort = PackingEffort::kBest, .enough = problem.num_crossbars});
    if (!fewer) break;
    packing = *std::move(fewer);
  }
  return packing;
}

}  // namespace

FewestPacking pack_fewest(PackingProblem problem, const Packer& packer, PackingEffort effort) {
  problem.num_crossbars = static_cast<std::int64_t>(problem.items.size());
  check(problem);
  CrossbarBound bound = lower_bound(problem);
  if (effort != PackingEffort::kBest) return {.packing = packed(problem, packer, {.effort = effort}), .bound = bound};

  // The linear program ends at the crossbars of the packing, so it pays to have a good one first.
  Packing packing = packed(problem, packer, {.effort = PackingEffort::kDefault});
  packing = with_short_searches(problem, std::move(packing), packer, bound);
  bound = with_columns(problem, packing, bound);
  if (packing.num_crossbars > bound.num_crossbars)
    packing = packed(problem, packer, {.effort = effort, .enough = bound.num_crossbars});
  return {.packing = std::move(packing), .bound = bound};
}

}  // namespace crossloom
