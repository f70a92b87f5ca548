#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packer.h"
#include "compiler/packing/packing.h"

namespace crossloom {

/// Where matrices are cut into blocks.
enum class CutRule {
  kCrossbar,  ///< at multiples of the crossbar's sides, remainders kept
  kFree,      ///< wherever that saves crossbars
};
[[nodiscard]] std::span<const std::string_view> enum_names(CutRule);

/// A block of a weight matrix.
struct CutBlock {
  std::int64_t layer = 0;
  std::int64_t matrix_row0 = 0;  ///< first row and column in the layer's matrix; of no matter where fixed
  std::int64_t matrix_col0 = 0;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  bool is_fixed = false;  ///< stays as it is, with all blocks of its layer
  friend bool operator==(const CutBlock&, const CutBlock&) = default;
};

/// Blocks and where they lie: a packing of them, block by block.
struct CutPacking {
  std::vector<CutBlock> blocks;  ///< by layer; of a matrix cut anew row by row
  Packing packing;
  friend bool operator==(const CutPacking&, const CutPacking&) = default;
};

/// Blocks as the items of a packing problem with the rules of `rules`, and a crossbar for each.
[[nodiscard]] PackingProblem with_blocks(PackingProblem rules, const std::vector<CutBlock>& blocks);

/// Packs the blocks on as few crossbars as it finds, whose cuts are moved (cut_search.h) where that saves one. The blocks form
/// a grid in each matrix that is not fixed; no block grows beyond the longest of its layer, so that an activation takes no
/// longer. Throws UserError as `check(PackingProblem)`.
[[nodiscard]] CutPacking pack_with_free_cuts(const PackingProblem& rules, std::vector<CutBlock> blocks, const Packer& packer,
                                             PackingEffort effort);

/// No cuts of the matrices and no packing use fewer crossbars: the area of all blocks, the sizes of the fixed ones, and
/// conflicts and cap, as no other cut has fewer blocks than the one at multiples of the crossbar's sides, which `blocks` is.
[[nodiscard]] CrossbarBound free_cuts_lower_bound(const PackingProblem& rules, const std::vector<CutBlock>& blocks);

/// Independent check that the blocks tile the same matrices as those of `original`, fixed ones with the same blocks; what is
/// wrong, one message a finding, empty when all is right. Quadratic in the blocks of a layer.
[[nodiscard]] std::vector<std::string> verify_cuts(const std::vector<CutBlock>& original, const std::vector<CutBlock>& blocks);

}  // namespace crossloom
