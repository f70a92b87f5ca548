#include "compiler/packing/lower_bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/compiler/packing/example_problems.h"
#include "tests/compiler/packing/fewest_crossbars.h"

namespace crossloom {
namespace {

TEST(SizeLowerBound, OfSmallBlocksIsTheirArea) { EXPECT_EQ(size_lower_bound(std::vector<BlockSize>(33, {1, 1}), 4, 8), 2); }

TEST(SizeLowerBound, GivesBlocksOfMoreThanHalfTheSidesACrossbarEach) {
  EXPECT_EQ(size_lower_bound(std::vector<BlockSize>(7, {5, 6}), 8, 10), 7);
}

TEST(SizeLowerBound, CountsThirdsByTheRoundingFunction) {
  // Blocks a little wider than a third, over the whole height: two a crossbar, though three have the area of one.
  EXPECT_EQ(size_lower_bound(std::vector<BlockSize>(6, {10, 4}), 10, 10), 3);
}

TEST(SizeMeasures, AreNoneWhereAreaSaysAsMuch) {
  EXPECT_TRUE(size_measures(std::vector<std::vector<BlockSize>>{{{1, 1}}, {{8, 10}, {4, 10}}}, 8, 10).empty());
}

TEST(SizeMeasures, GiveABlockOfMoreThanHalfTheSidesACrossbar) {
  const std::vector<SizeMeasure> measures = size_measures(std::vector<std::vector<BlockSize>>{{{5, 6}}, {{1, 1}}}, 8, 10);
  EXPECT_TRUE(std::ranges::any_of(measures, [](const SizeMeasure& each) { return each.layers[0] == each.capacity; }));
}

TEST(SizeMeasures, OfAllBlocksNeverPassTheFewestCrossbars) {
  for (std::uint64_t trial = 0; trial < 1000; ++trial) {
    const PackingProblem problem = random_problem(trial, 5, 4);
    std::vector<std::vector<BlockSize>> layers(8);
    for (const PackingItem& item : problem.items)
      layers[static_cast<std::size_t>(item.layer)].push_back({.rows = item.rows, .cols = item.cols});
    const std::int64_t fewest = fewest_crossbars(problem);
    for (const SizeMeasure& each : size_measures(layers, problem.crossbar_rows, problem.crossbar_cols)) {
      const std::int64_t taken = std::accumulate(each.layers.begin(), each.layers.end(), std::int64_t{0});
      ASSERT_LE(taken, fewest * each.capacity) << "trial " << trial;
    }
  }
}

TEST(LowerBound, CountsTheBlocksOfNeighbouringLayers) {
  PackingProblem problem{.crossbar_rows = 10, .crossbar_cols = 10, .num_crossbars = 9, .conflict_distance = 1, .items = {}};
  for (const std::int64_t layer : {0, 0, 1, 1, 1, 2, 4, 4}) problem.items.push_back({.layer = layer, .rows = 1, .cols = 1});
  EXPECT_EQ(lower_bound(problem), (CrossbarBound{.num_crossbars = 5, .reason = "conflicts"}));
  problem.conflict_distance = 2;
  EXPECT_EQ(lower_bound(problem).num_crossbars, 6);
  problem.conflict_distance = -1;
  EXPECT_EQ(lower_bound(problem), (CrossbarBound{.num_crossbars = 1, .reason = "area"}));
  problem.max_blocks_per_crossbar = 3;
  EXPECT_EQ(lower_bound(problem), (CrossbarBound{.num_crossbars = 3, .reason = "cap"}));
}

TEST(LowerBound, IsNeverAboveTheFewest) {
  std::int64_t num_tight = 0;
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    const PackingProblem problem = random_problem(trial, 5, 4);
    const std::int64_t fewest = fewest_crossbars(problem);
    const std::int64_t bound = lower_bound(problem).num_crossbars;
    ASSERT_LE(bound, fewest) << "trial " << trial;
    ASSERT_GE(bound, area_lower_bound(problem)) << "trial " << trial;
    if (bound == fewest) ++num_tight;
  }
  EXPECT_GE(num_tight, 1600);
}

// RNC's blocks of 144 x c are cut into 128 and 16 rows: by size alone one crossbar more than by area.
TEST(LowerBound, OfTheNetworksOfRncIsAtLeastTheirArea) {
  EXPECT_EQ(lower_bound(rnc_problem("squeezenet", 1)).num_crossbars, 45);
  EXPECT_GE(lower_bound(rnc_problem("mbv3_small", 1)).num_crossbars, 102);
  EXPECT_LE(lower_bound(rnc_problem("mbv3_small", 1)).num_crossbars, 104);
  EXPECT_LE(lower_bound(rnc_problem("resnet18", 1)).num_crossbars, 684);
}

}  // namespace
}  // namespace crossloom
