#include "compiler/duplication/fit_copies.h"

#include <gtest/gtest.h>

namespace crossloom {
namespace {

/// One block a crossbar.
std::optional<Packing> pack_apart(const PackingProblem& problem, const PackingGoal& /*goal*/) {
  const auto num_items = static_cast<std::int64_t>(problem.items.size());
  if (num_items > problem.num_crossbars) return std::nullopt;
  Packing packing{.num_crossbars = num_items};
  for (std::int64_t i = 0; i < num_items; ++i) packing.placements.push_back({.crossbar = i});
  return packing;
}

/// The same, but it fails for 8 and 9 blocks.
std::optional<Packing> pack_with_a_gap(const PackingProblem& problem, const PackingGoal& goal) {
  if (problem.items.size() == 8 || problem.items.size() == 9) return std::nullopt;
  return pack_apart(problem, goal);
}

constexpr Packer kApart{.name = "apart", .meaning = "one block a crossbar", .pack = pack_apart};
constexpr Packer kGap{.name = "gap", .meaning = "one block a crossbar, never 8 or 9", .pack = pack_with_a_gap};

MatrixBlocks two_matrices() {
  return {{{.matrix = 0, .rows = 2, .cols = 2}, {.matrix = 0, .matrix_row0 = 2, .rows = 1, .cols = 2}},
          {{.matrix = 1, .rows = 3, .cols = 3}}};
}

/// Copies of the second matrix, each of one block.
DuplicationPath path_of(std::size_t num_steps) {
  DuplicationPath path{.start_crossbars = 3};
  for (std::size_t step = 1; step <= num_steps; ++step) {
    path.steps.push_back(1);
    path.improvements.push_back(step);
    path.least_crossbars.push_back(static_cast<std::int64_t>(3 + step));
  }
  return path;
}

FitProblem problem_of(const MatrixBlocks& blocks, const Packer& packer, std::int64_t num_crossbars) {
  return {
      .rules = {.crossbar_rows = 4, .crossbar_cols = 4, .num_crossbars = num_crossbars}, .blocks = blocks, .packer = packer};
}

TEST(CopyBlocks, StandInTheOrderOfMatrixCopyBlock) {
  const MatrixBlocks blocks = two_matrices();
  const std::vector<CopyBlock> expected{
      {blocks[0][0], 0}, {blocks[0][1], 0}, {blocks[0][0], 1}, {blocks[0][1], 1}, {blocks[1][0], 0}};
  EXPECT_EQ(copy_blocks(blocks, {2, 1}), expected);
}

TEST(PackCopies, AsksForTheBlocksOfAllCopiesAsItemsOfTheirLayer) {
  const MatrixBlocks blocks = two_matrices();
  const auto packed = pack_copies(problem_of(blocks, kApart, 4), {1, 2});
  ASSERT_TRUE(packed.has_value());
  const std::vector<PackingItem> expected{{0, 2, 2}, {0, 1, 2}, {1, 3, 3}, {1, 3, 3}};
  EXPECT_EQ(packed->problem.items, expected);
  EXPECT_EQ(packed->packing.num_crossbars, 4);
  EXPECT_FALSE(pack_copies(problem_of(blocks, kApart, 3), {1, 2}).has_value());
}

TEST(FurthestFit, IsTheLongestPrefixThatPacks) {
  const MatrixBlocks blocks = two_matrices();
  for (std::int64_t num_crossbars = 3; num_crossbars <= 30; ++num_crossbars) {
    const FitProblem problem = problem_of(blocks, kApart, num_crossbars);
    const PackedCopies fit = furthest_fit(problem, path_of(20), *pack_copies(problem, {1, 1}));
    EXPECT_EQ(fit.num_copies, (std::vector<std::int64_t>{1, std::min<std::int64_t>(num_crossbars - 2, 21)}));
  }
}

TEST(FurthestFit, LooksBeyondAGap) {
  const MatrixBlocks blocks = two_matrices();
  const FitProblem problem = problem_of(blocks, kGap, 11);
  // 8 copies fill 10 crossbars, 9 copies 11; bisection of 12 improvements meets the gap at 8 blocks (improvement 5).
  const PackedCopies fit = furthest_fit(problem, path_of(12), *pack_copies(problem, {1, 1}));
  EXPECT_EQ(fit.num_copies.back(), 9);
}

TEST(FurthestFit, StaysAtTheStartWithoutImprovements) {
  const MatrixBlocks blocks = two_matrices();
  const FitProblem problem = problem_of(blocks, kApart, 3);
  EXPECT_EQ(furthest_fit(problem, {}, *pack_copies(problem, {1, 1})).num_copies, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(furthest_fit(problem, path_of(5), *pack_copies(problem, {1, 1})).num_copies, (std::vector<std::int64_t>{1, 1}));
}

}  // namespace
}  // namespace crossloom
