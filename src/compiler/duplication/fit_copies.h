#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/duplication/duplicate.h"
#include "compiler/duplication/estimate_work.h"
#include "compiler/packing/packer.h"
#include "compiler/packing/packing.h"
#include "compiler/placement/place.h"

namespace crossloom {

/// What a packing of copies is asked of: the rules without items, the blocks of one copy of each matrix, the packer and what is
/// wanted of it.
struct FitProblem {
  PackingProblem rules;  ///< `items` empty
  const MatrixBlocks& blocks;
  const Packer& packer;
  PackingGoal goal = {};
};

/// Copies with the packing that holds them.
struct PackedCopies {
  std::vector<std::int64_t> num_copies;  ///< of each matrix
  std::vector<CopyBlock> blocks;         ///< in (matrix, copy, block) order, as the items of `problem`
  PackingProblem problem;
  Packing packing;
};

/// The blocks of so many copies of each matrix, in (matrix, copy, block) order.
[[nodiscard]] std::vector<CopyBlock> copy_blocks(const MatrixBlocks& blocks, const std::vector<std::int64_t>& num_copies);

/// Blocks as the items of a packing problem with the rules of `rules`, which has none.
[[nodiscard]] PackingProblem packing_problem(PackingProblem rules, const std::vector<CopyBlock>& blocks);

/// Packs so many copies of each matrix; nothing when the packer finds no way.
[[nodiscard]] std::optional<PackedCopies> pack_copies(const FitProblem& problem, std::vector<std::int64_t> num_copies);

/// The path's best copies where they pack, else its furthest improvement that packs within the budget, `start` when none does.
/// Whether a prefix packs is nearly monotone in its length. A packing that is too large says by how much: its crossbars over
/// those that area, sizes, cap or conflicts ask for at least, whichever limit binds, are what packing loses, and the next
/// prefix tried is the furthest that fits with this loss. Bisection between what fits and what does not ends the search, then
/// come a few improvements beyond its answer. At most about 2 log2(improvements) packings.
[[nodiscard]] PackedCopies furthest_fit(const FitProblem& problem, const DuplicationPath& path, PackedCopies start);

}  // namespace crossloom
