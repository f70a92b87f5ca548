#pragma once

#include "compiler/duplication/fit_copies.h"
#include "compiler/packing/free_cuts.h"
#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packer.h"

namespace crossloom {

/// One copy of each matrix on as few crossbars as its packer finds.
struct SingleCopies {
  MatrixBlocks blocks;  ///< as given, or cut anew
  PackedCopies packed;  ///< with a crossbar for each block as the budget
  CrossbarBound bound;  ///< no packing is below, whatever the cuts where these are free
};

/// Packs the blocks of each matrix, cut at multiples of the crossbar's sides. With free cuts those of ungrouped matrices
/// without dropped blocks are moved where that saves crossbars; checked by `verify_cuts`, InternalError where it refuses.
[[nodiscard]] SingleCopies pack_single_copies(const PackingProblem& rules, MatrixBlocks blocks,
                                              std::span<const WeightMatrix> matrices, const Packer& packer,
                                              PackingEffort effort, CutRule cuts);

}  // namespace crossloom
