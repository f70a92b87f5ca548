#include "compiler/packing/free_cuts.h"

#include <array>
#include <optional>
#include <utility>

#include "compiler/packing/cut_search.h"
#include "support/error.h"

namespace crossloom {
namespace {

/// Looks at a crossbar that a search may take.
std::int64_t num_looks(PackingEffort effort) {
  switch (effort) {
    case PackingEffort::kFast:
      return 300'000;
    case PackingEffort::kDefault:
      return 3'000'000;
    case PackingEffort::kBest:
      return 50'000'000;
  }
  throw InternalError("PackingEffort outside its range");
}

}  // namespace

std::span<const std::string_view> enum_names(CutRule) {
  static constexpr auto kNames = std::to_array<std::string_view>({"crossbar", "free"});
  static_assert(kNames.size() == static_cast<std::size_t>(CutRule::kFree) + 1);
  return kNames;
}

PackingProblem with_blocks(PackingProblem rules, const std::vector<CutBlock>& blocks) {
  rules.num_crossbars = static_cast<std::int64_t>(blocks.size());
  rules.items.clear();
  rules.items.reserve(blocks.size());
  for (const CutBlock& block : blocks) rules.items.push_back({.layer = block.layer, .rows = block.rows, .cols = block.cols});
  return rules;
}

CutPacking pack_with_free_cuts(const PackingProblem& rules, std::vector<CutBlock> blocks, const Packer& packer,
                               PackingEffort effort) {
  const PackingProblem problem = with_blocks(rules, blocks);
  check(problem);
  std::optional<Packing> packing = packer.pack(problem, {.effort = effort});
  if (!packing) throw InternalError("a packer fails with a crossbar for each block");
  const CutLimits limits{.num_looks = num_looks(effort), .lower_bound = free_cuts_lower_bound(rules, blocks).num_crossbars};
  return move_cuts(rules, {.blocks = std::move(blocks), .packing = *std::move(packing)}, limits);
}

CrossbarBound free_cuts_lower_bound(const PackingProblem& rules, const std::vector<CutBlock>& blocks) {
  const PackingProblem problem = with_blocks(rules, blocks);
  std::vector<BlockSize> fixed;
  for (const CutBlock& block : blocks) {
    if (block.is_fixed) fixed.push_back({.rows = block.rows, .cols = block.cols});
  }
  CrossbarBound best{.num_crossbars = area_lower_bound(problem), .reason = "area"};
  for (const CrossbarBound& other :
       {CrossbarBound{size_lower_bound(fixed, rules.crossbar_rows, rules.crossbar_cols), "sizes"},
        CrossbarBound{conflict_lower_bound(problem), "conflicts"}, CrossbarBound{cap_lower_bound(problem), "cap"}}) {
    if (other.num_crossbars > best.num_crossbars) best = other;
  }
  return best;
}

}  // namespace crossloom
