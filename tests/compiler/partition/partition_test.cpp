#include "compiler/partition/partition.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/compiler/partition/example_matrix.h"

namespace crossloom {
namespace {

/// {first row, first column, rows, columns, activations, input part} of each block.
std::vector<std::vector<std::int64_t>> listed(const std::vector<WeightBlock>& blocks) {
  std::vector<std::vector<std::int64_t>> all;
  all.reserve(blocks.size());
  for (const WeightBlock& block : blocks)
    all.push_back({block.matrix_row0, block.matrix_col0, block.rows, block.cols, block.num_activations, block.input_part});
  return all;
}

constexpr PartitionOptions k16x16{.crossbar_rows = 16, .crossbar_weight_cols = 16};

TEST(Partition, LeavesAMatrixThatFitsWhole) {
  EXPECT_EQ(listed(partition(dense_matrix(16, 16), 0, k16x16)), (std::vector<std::vector<std::int64_t>>{{0, 0, 16, 16, 1, 0}}));
}

TEST(Partition, CutsRowPartByRowPartAndKeepsRemainders) {
  EXPECT_EQ(listed(partition(dense_matrix(20, 33), 0, k16x16)), (std::vector<std::vector<std::int64_t>>{{0, 0, 16, 16, 1, 0},
                                                                                                        {0, 16, 16, 16, 1, 0},
                                                                                                        {0, 32, 16, 1, 1, 0},
                                                                                                        {16, 0, 4, 16, 1, 1},
                                                                                                        {16, 16, 4, 16, 1, 1},
                                                                                                        {16, 32, 4, 1, 1, 1}}));
}

TEST(Partition, ActivatesADepthwiseBlockOnceAChannel) {
  EXPECT_EQ(listed(partition(grouped_matrix(9, 20, 20), 0, k16x16)),
            (std::vector<std::vector<std::int64_t>>{{0, 0, 9, 16, 16, 0}, {0, 16, 9, 4, 4, 1}}));
}

TEST(Partition, SplitsDepthIntoPartsOfChannelsOverD) {
  PartitionOptions options = k16x16;
  options.depth_split = 3;
  // floor(20 / 3) = 6: three parts and a remainder of 2.
  EXPECT_EQ(listed(partition(grouped_matrix(9, 20, 20), 0, options)),
            (std::vector<std::vector<std::int64_t>>{
                {0, 0, 9, 6, 6, 0}, {0, 6, 9, 6, 6, 1}, {0, 12, 9, 6, 6, 2}, {0, 18, 9, 2, 2, 3}}));
}

TEST(Partition, SplitsDepthNoFurtherThanOneChannel) {
  PartitionOptions options = k16x16;
  options.depth_split = 100;
  const std::vector<WeightBlock> blocks = partition(grouped_matrix(9, 4, 4), 0, options);
  EXPECT_EQ(blocks.size(), 4U);
  for (const WeightBlock& block : blocks) EXPECT_EQ(block.num_activations, 1);
}

TEST(Partition, CutsADepthPartThatIsWiderThanACrossbar) {
  PartitionOptions options = k16x16;
  options.depth_split = 2;
  // Parts of 20 channels: 16 and 4 each.
  EXPECT_EQ(listed(partition(grouped_matrix(9, 40, 40), 0, options)),
            (std::vector<std::vector<std::int64_t>>{
                {0, 0, 9, 16, 16, 0}, {0, 16, 9, 4, 4, 1}, {0, 20, 9, 16, 16, 2}, {0, 36, 9, 4, 4, 3}}));
}

TEST(Partition, CutsOtherGroupedConvolutionsBetweenGroups) {
  // Two groups of 5 columns, each with 3 input channels.
  EXPECT_EQ(listed(partition(grouped_matrix(27, 10, 2, 6), 0, k16x16)),
            (std::vector<std::vector<std::int64_t>>{
                {0, 0, 16, 5, 1, 0}, {0, 5, 16, 5, 1, 1}, {16, 0, 11, 5, 1, 2}, {16, 5, 11, 5, 1, 3}}));
}

TEST(Partition, CutsAGroupThatIsWiderThanACrossbarIntoBlocksOfOneInput) {
  EXPECT_EQ(listed(partition(grouped_matrix(9, 40, 2), 0, k16x16)),
            (std::vector<std::vector<std::int64_t>>{
                {0, 0, 9, 16, 1, 0}, {0, 16, 9, 4, 1, 0}, {0, 20, 9, 16, 1, 1}, {0, 36, 9, 4, 1, 1}}));
}

TEST(Partition, KeepsTheColumnsOfADepthwiseGroupTogether) {
  // Three columns a channel: 5 channels in 16 columns.
  EXPECT_EQ(listed(partition(grouped_matrix(9, 21, 7), 0, k16x16)),
            (std::vector<std::vector<std::int64_t>>{{0, 0, 9, 15, 5, 0}, {0, 15, 9, 6, 2, 1}}));
}

/// Every entry in exactly one block, no block beyond the crossbar, one input part exactly for one (row part, groups).
void expect_exact_cover(const WeightMatrix& matrix, const PartitionOptions& options) {
  std::set<std::pair<std::int64_t, std::int64_t>> entries;
  std::map<std::int64_t, std::vector<std::int64_t>> inputs_of_part;
  std::set<std::vector<std::int64_t>> different_inputs;
  const std::int64_t cols_a_group = matrix.cols / matrix.num_groups;
  for (const WeightBlock& block : partition(matrix, 7, options)) {
    EXPECT_EQ(block.matrix, 7);
    EXPECT_LE(block.rows, options.crossbar_rows);
    EXPECT_LE(block.cols, options.crossbar_weight_cols);
    std::set<std::int64_t> groups;
    for (std::int64_t col = block.matrix_col0; col < block.matrix_col0 + block.cols; ++col) {
      groups.insert(col / cols_a_group);
      for (std::int64_t row = block.matrix_row0; row < block.matrix_row0 + block.rows; ++row)
        EXPECT_TRUE(entries.insert({row, col}).second) << row << ", " << col;
    }
    EXPECT_EQ(block.num_activations, static_cast<std::int64_t>(groups.size()));
    std::vector<std::int64_t> inputs{block.matrix_row0, block.rows};
    inputs.insert(inputs.end(), groups.begin(), groups.end());
    const auto [part, is_new] = inputs_of_part.try_emplace(block.input_part, inputs);
    EXPECT_EQ(part->second, inputs);
    different_inputs.insert(inputs);
  }
  EXPECT_EQ(static_cast<std::int64_t>(entries.size()), matrix.rows * matrix.cols);
  EXPECT_EQ(different_inputs.size(), inputs_of_part.size());
}

TEST(Partition, CoversEveryEntryOnce) {
  for (const std::int64_t rows : {1, 4, 5, 9, 13}) {
    for (const std::int64_t crossbar_cols : {1, 3, 4, 7}) {
      for (const std::int64_t depth_split : {1, 2, 3, 5}) {
        const PartitionOptions options{.crossbar_rows = 4, .crossbar_weight_cols = crossbar_cols, .depth_split = depth_split};
        expect_exact_cover(dense_matrix(rows, 11), options);
        expect_exact_cover(grouped_matrix(rows, 12, 12), options);
        expect_exact_cover(grouped_matrix(rows, 12, 4), options);
        expect_exact_cover(grouped_matrix(rows, 12, 3, 6), options);
      }
    }
  }
}

}  // namespace
}  // namespace crossloom
