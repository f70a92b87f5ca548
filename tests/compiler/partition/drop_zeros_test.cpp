#include "compiler/partition/drop_zeros.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/compiler/partition/example_matrix.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// All weights of a full matrix, zero where `is_zero(row, col)`.
template <class IsZero>
NonzeroWeights weights_of(const WeightMatrix& matrix, IsZero is_zero) {
  NonzeroWeights is_nonzero;
  for (std::int64_t col = 0; col < matrix.num_output_channels; ++col) {
    for (std::int64_t row = 0; row < num_all_rows(matrix); ++row) is_nonzero.push_back(!is_zero(row, col));
  }
  return is_nonzero;
}

TEST(DropZeros, LeavesRowsAndColumnsOfZerosOut) {
  const WeightMatrix matrix = dense_matrix(6, 5);
  const auto zeros = weights_of(matrix, [](std::int64_t row, std::int64_t col) { return row == 0 || row == 4 || col == 2; });
  const WeightMatrix left = drop_zero_lines(matrix, zeros);
  EXPECT_EQ(left.rows, 4);
  EXPECT_EQ(left.cols, 4);
  EXPECT_THAT(kept_rows(left), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(kept_cols(left), ElementsAre(0, 1, 3, 4));
  EXPECT_EQ(without_drops(left), matrix);
}

TEST(DropZeros, KeepsEverythingWhereNothingIsZero) {
  const WeightMatrix matrix = dense_matrix(3, 4);
  EXPECT_EQ(drop_zero_lines(matrix, weights_of(matrix, [](std::int64_t, std::int64_t) { return false; })), matrix);
}

TEST(DropZeros, KeepsOneWeightOfAMatrixOfZeros) {
  const WeightMatrix matrix = dense_matrix(3, 4);
  const auto zeros = weights_of(matrix, [](std::int64_t, std::int64_t) { return true; });
  WeightMatrix left = drop_zero_lines(matrix, zeros);
  EXPECT_EQ(left.rows * left.cols, 1);
  std::vector<WeightBlock> blocks = partition(left, 0, {.crossbar_rows = 16, .crossbar_weight_cols = 16});
  drop_zero_blocks(left, blocks, zeros);
  EXPECT_EQ(blocks.size(), 1U);
  EXPECT_THAT(left.dropped_blocks, IsEmpty());
}

TEST(DropZeros, DropsWholeGroupsOfColumns) {
  // Three groups of two columns; columns 1, 2 and 3 are zero, so the second group alone is.
  const WeightMatrix matrix = grouped_matrix(4, 6, 3);
  const WeightMatrix left =
      drop_zero_lines(matrix, weights_of(matrix, [](std::int64_t, std::int64_t col) { return col >= 1 && col <= 3; }));
  EXPECT_THAT(left.dropped_cols, ElementsAre(2, 3));
  const std::vector<WeightBlock> blocks = partition(left, 0, {.crossbar_rows = 16, .crossbar_weight_cols = 16});
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks.front().num_activations, 2);
}

TEST(DropZeros, TakesBlocksOfZerosAway) {
  // Blocks of 2 x 2 in 4 x 4; the one below the diagonal is zero.
  WeightMatrix matrix = dense_matrix(4, 4);
  const auto zeros = weights_of(matrix, [](std::int64_t row, std::int64_t col) { return row >= 2 && col < 2; });
  std::vector<WeightBlock> blocks = partition(matrix, 0, {.crossbar_rows = 2, .crossbar_weight_cols = 2});
  drop_zero_blocks(matrix, blocks, zeros);
  EXPECT_EQ(blocks.size(), 3U);
  EXPECT_THAT(matrix.dropped_blocks, ElementsAre(MatrixPart{.row0 = 2, .col0 = 0, .rows = 2, .cols = 2}));
  EXPECT_EQ(num_kept_weights(matrix), 12);
}

TEST(DropZeros, FindsABlockOfZerosBehindDroppedRows) {
  // Row 0 goes; of what is left rows 0 and 1 are the first block's, which is zero in columns 2 and 3.
  const WeightMatrix full = dense_matrix(5, 4);
  const auto zeros = weights_of(full, [](std::int64_t row, std::int64_t col) { return row == 0 || (row <= 2 && col >= 2); });
  WeightMatrix matrix = drop_zero_lines(full, zeros);
  std::vector<WeightBlock> blocks = partition(matrix, 0, {.crossbar_rows = 2, .crossbar_weight_cols = 2});
  drop_zero_blocks(matrix, blocks, zeros);
  EXPECT_THAT(matrix.dropped_blocks, ElementsAre(MatrixPart{.row0 = 0, .col0 = 2, .rows = 2, .cols = 2}));
}

TEST(DropZeros, NumbersInputPartsWithoutGaps) {
  // The whole first row part is zero but for a block that is not asked for: parts 1 and 2 become 0 and 1.
  WeightMatrix matrix = dense_matrix(6, 2);
  const auto zeros = weights_of(matrix, [](std::int64_t row, std::int64_t) { return row < 2; });
  std::vector<WeightBlock> blocks = partition(matrix, 0, {.crossbar_rows = 2, .crossbar_weight_cols = 2});
  drop_zero_blocks(matrix, blocks, zeros);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].input_part, 0);
  EXPECT_EQ(blocks[1].input_part, 1);
}

}  // namespace
}  // namespace crossloom
