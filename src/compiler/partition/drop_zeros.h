#pragma once

#include <vector>

#include "compiler/ir/weight_store.h"
#include "compiler/lowering/lower.h"
#include "compiler/partition/partition.h"

namespace crossloom {

/// Which weights of a matrix are not zero, by their place in the layer's tensor.
using NonzeroWeights = std::vector<bool>;

/// Of each matrix. Batch normalization is folded in: a channel with scale 0 is zero. Throws UserError when a layer's weights
/// cannot be loaded.
[[nodiscard]] std::vector<NonzeroWeights> nonzero_weights(const std::vector<WeightMatrix>& matrices, const WeightStore& store);

/// The full matrix without its rows and columns of zeros; with grouped columns without the groups of zeros. At least one row
/// and one group of columns are left.
[[nodiscard]] WeightMatrix drop_zero_lines(WeightMatrix matrix, const NonzeroWeights& is_nonzero);

/// Removes the blocks that hold zeros alone, all but one, and enters them in the matrix; input parts are numbered anew.
void drop_zero_blocks(WeightMatrix& matrix, std::vector<WeightBlock>& blocks, const NonzeroWeights& is_nonzero);

/// The multiply-accumulates of each matrix's operation are those of the weights that are left.
void count_kept_macs(LoweredNetwork& lowered);

}  // namespace crossloom
