#include "compiler/packing/free_cuts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/packing/cut_search.h"
#include "support/integer_math.h"
#include "support/random_stream.h"
#include "tests/compiler/packing/example_problems.h"

namespace crossloom {
namespace {

/// Matrix of a layer cut at multiples of the crossbar's sides.
void add_matrix(std::vector<CutBlock>& blocks, const PackingProblem& rules, std::int64_t layer, std::int64_t rows,
                std::int64_t cols) {
  for (std::int64_t row0 = 0; row0 < rows; row0 += rules.crossbar_rows) {
    for (std::int64_t col0 = 0; col0 < cols; col0 += rules.crossbar_cols) {
      blocks.push_back({.layer = layer,
                        .matrix_row0 = row0,
                        .matrix_col0 = col0,
                        .rows = std::min(rules.crossbar_rows, rows - row0),
                        .cols = std::min(rules.crossbar_cols, cols - col0)});
    }
  }
}

/// Packs and checks the tiling and the packing.
CutPacking packed(const PackingProblem& rules, const std::vector<CutBlock>& blocks, PackingEffort effort) {
  CutPacking result = pack_with_free_cuts(rules, blocks, packers().front(), effort);
  EXPECT_EQ(verify_cuts(blocks, result.blocks), std::vector<std::string>{});
  EXPECT_EQ(verify_packing(with_blocks(rules, result.blocks), result.packing), std::vector<std::string>{});
  EXPECT_GE(result.packing.num_crossbars, free_cuts_lower_bound(rules, blocks).num_crossbars);
  return result;
}

/// Matrices of 12, 12 and 8 columns, none too large for a crossbar of 16: 32 columns in all.
std::vector<CutBlock> three_strips(const PackingProblem& rules) {
  std::vector<CutBlock> blocks;
  for (const auto& [layer, cols] : {std::pair(0, 12), std::pair(2, 12), std::pair(4, 8)})
    add_matrix(blocks, rules, layer, 4, cols);
  return blocks;
}
constexpr std::int64_t kStripCols = 16;
PackingProblem strip_rules() { return {.crossbar_rows = 4, .crossbar_cols = kStripCols, .conflict_distance = 1, .items = {}}; }

TEST(FreeCuts, SaveACrossbarWhereRemaindersDoNotFitTogether) {
  const std::vector<CutBlock> blocks = three_strips(strip_rules());
  EXPECT_EQ(packers().front().pack(with_blocks(strip_rules(), blocks), {})->num_crossbars, 3);
  const CutPacking cut = packed(strip_rules(), blocks, PackingEffort::kDefault);
  EXPECT_EQ(cut.packing.num_crossbars, 2);
  EXPECT_EQ(cut.blocks.size(), 4U);
}

TEST(FreeCuts, LeaveFixedBlocksAsTheyAre) {
  std::vector<CutBlock> blocks = three_strips(strip_rules());
  for (CutBlock& block : blocks) block.is_fixed = true;
  const CutPacking cut = packed(strip_rules(), blocks, PackingEffort::kDefault);
  EXPECT_EQ(cut.blocks, blocks);
  EXPECT_EQ(cut.packing.num_crossbars, 3);
  EXPECT_EQ(free_cuts_lower_bound(strip_rules(), blocks), (CrossbarBound{3, "sizes"}));
}

// McNaughton's wrap-around rule (Management Science 1959): lengths that may be cut anywhere fill their bins.
TEST(FreeCuts, OfStripsReachTheWrapAroundRule) {
  const PackingProblem rules{.crossbar_rows = 1, .crossbar_cols = 64, .conflict_distance = 0, .items = {}};
  for (std::uint64_t trial = 0; trial < 12; ++trial) {
    RandomStream random(5, {.purpose = RandomPurpose::kTest, .trial = trial});
    std::vector<CutBlock> blocks;
    std::int64_t sum = 0;
    for (std::int64_t layer = 0; layer < 8; ++layer) {
      const auto cols = static_cast<std::int64_t>(8 + random.next_below(150));
      add_matrix(blocks, rules, layer, 1, cols);
      sum += cols;
    }
    const CutPacking cut = packed(rules, blocks, PackingEffort::kDefault);
    // Pieces below four columns are not cut off, so the last crossbar may be missed by a hair.
    EXPECT_LE(cut.packing.num_crossbars, ceil_div(sum + 16, rules.crossbar_cols)) << "trial " << trial;
  }
}

TEST(FreeCuts, KeepTheRulesOnRandomMatrices) {
  for (std::uint64_t trial = 0; trial < 12; ++trial) {
    RandomStream random(6, {.purpose = RandomPurpose::kTest, .trial = trial});
    const auto between = [&](std::int64_t low, std::int64_t high) {
      return low + static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(high - low + 1)));
    };
    const PackingProblem rules{.crossbar_rows = between(4, 40),
                               .crossbar_cols = between(4, 40),
                               .max_blocks_per_crossbar = between(0, 4),
                               .conflict_distance = between(-1, 2),
                               .items = {}};
    std::vector<CutBlock> blocks;
    for (std::int64_t layer = 0; layer < 8; ++layer) {
      const std::size_t first = blocks.size();
      add_matrix(blocks, rules, layer, between(1, 90), between(1, 90));
      const bool is_fixed = between(0, 3) == 0;
      for (std::size_t i = first; i < blocks.size(); ++i) blocks[i].is_fixed = is_fixed;
    }
    const CutPacking cut = packed(rules, blocks, PackingEffort::kFast);
    EXPECT_LE(cut.packing.num_crossbars,
              packers().front().pack(with_blocks(rules, blocks), {.effort = PackingEffort::kFast})->num_crossbars);
    for (const CutBlock& block : cut.blocks) {
      EXPECT_LE(block.rows, rules.crossbar_rows);
      EXPECT_LE(block.cols, rules.crossbar_cols);
    }
  }
}

// Cut at multiples of 128 the network needs 684 crossbars, as the four blocks of its last layer, 128 x 10, share none.
TEST(FreeCuts, Resnet18OfRncNeedsItsAreaAlone) {
  const PackingProblem rules{
      .crossbar_rows = 128, .crossbar_cols = 128, .max_blocks_per_crossbar = 6, .conflict_distance = 1, .items = {}};
  std::vector<CutBlock> blocks;
  for (const MatrixShape& shape : rnc_matrices("resnet18")) add_matrix(blocks, rules, shape.layer, shape.rows, shape.cols);
  EXPECT_EQ(packed(rules, blocks, PackingEffort::kFast).packing.num_crossbars, 682);
  EXPECT_EQ(free_cuts_lower_bound(rules, blocks), (CrossbarBound{682, "area"}));
}

TEST(MoveCuts, WithoutLooksReturnsItsStart) {
  const std::vector<CutBlock> blocks = three_strips(strip_rules());
  const CutPacking start{.blocks = blocks, .packing = *packers().front().pack(with_blocks(strip_rules(), blocks), {})};
  EXPECT_EQ(move_cuts(strip_rules(), start, {.num_looks = 0}), start);
  EXPECT_EQ(move_cuts(strip_rules(), start, {.num_looks = 1000, .lower_bound = 3}), start);
}

}  // namespace
}  // namespace crossloom
