#include "accuracy/crossbar_sharing.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

using Indices = std::vector<std::size_t>;

PlacedBlock block_at(std::int64_t row0, std::int64_t rows, std::int64_t col0, std::int64_t cols) {
  return {.rows = rows, .cols = cols, .row0 = row0, .col0 = col0};
}

TEST(CrossbarSharing, BlocksOnADiagonalAreReadTogether) {
  const CrossbarContents contents{.blocks = {block_at(0, 4, 0, 4), block_at(4, 4, 4, 4), block_at(8, 4, 8, 4)}};
  EXPECT_EQ(read_together_with(0, contents), (Indices{1, 2}));
  EXPECT_EQ(read_together_with(1, contents), (Indices{0, 2}));
}

TEST(CrossbarSharing, ACommonRowOrColumnKeepsBlocksApart) {
  EXPECT_EQ(read_together_with(0, {.blocks = {block_at(0, 4, 0, 4), block_at(3, 4, 4, 4)}}), Indices{});
  EXPECT_EQ(read_together_with(0, {.blocks = {block_at(0, 4, 0, 4), block_at(4, 4, 3, 4)}}), Indices{});
}

TEST(CrossbarSharing, WeightsWhereTwoBlocksCrossKeepThemApart) {
  // The third lies on the rows of the second and the columns of the first.
  const CrossbarContents contents{.blocks = {block_at(0, 4, 0, 4), block_at(4, 4, 4, 4), block_at(4, 2, 2, 2)}};
  EXPECT_EQ(read_together_with(0, contents), Indices{});
  EXPECT_EQ(read_together_with(2, contents), Indices{});
}

TEST(CrossbarSharing, OfOthersThatExcludeEachOtherTheFirstIsTaken) {
  const CrossbarContents contents{.blocks = {block_at(0, 4, 0, 4), block_at(4, 4, 4, 4), block_at(6, 4, 8, 4)}};
  EXPECT_EQ(read_together_with(0, contents), Indices{1});
}

}  // namespace
}  // namespace crossloom
