#include "compiler/packing/packer.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "tests/compiler/packing/example_problems.h"
#include "tests/compiler/packing/fewest_crossbars.h"

namespace crossloom {
namespace {

std::int64_t num_crossbars(std::string_view packer, const PackingProblem& problem) {
  return packer_by_name(packer).pack(problem, {})->num_crossbars;
}

/// `count` single weights that may share 16x8 crossbars as they like.
PackingProblem single_weights(std::int64_t count) {
  PackingProblem problem{.crossbar_rows = 16, .crossbar_cols = 8, .conflict_distance = -1, .items = {}};
  problem.items.assign(static_cast<std::size_t>(count), {.layer = 0, .rows = 1, .cols = 1});
  return with_ample_budget(problem);
}

TEST(Packers, StartWithTheDefaultEjection) { EXPECT_EQ(packers().front().name, "ejection"); }

TEST(Packers, AreFoundByName) {
  for (const Packer& packer : packers()) EXPECT_EQ(&packer_by_name(packer.name), &packer);
}

TEST(MaxRects, FillsCrossbarsWithSingleWeights) {
  EXPECT_EQ(num_crossbars("max_rects", single_weights(3 * 128)), 3);
  EXPECT_EQ(num_crossbars("max_rects", single_weights(3 * 128 + 1)), 4);
}

TEST(FirstFitDecreasing, FillsCrossbarsWithSingleWeights) {
  EXPECT_EQ(num_crossbars("first_fit_decreasing", single_weights(3 * 128)), 3);
}

TEST(OnePerCrossbar, UsesAsManyCrossbarsAsBlocks) { EXPECT_EQ(num_crossbars("one_per_crossbar", single_weights(77)), 77); }

// A 4x4 crossbar tiled by a pinwheel of four 3x1 and 1x3 blocks around a 2x2 block: no guillotine cut makes it.
TEST(MaxRects, FindsThePinwheel) {
  const PackingProblem problem{.crossbar_rows = 4,
                               .crossbar_cols = 4,
                               .num_crossbars = 5,
                               .conflict_distance = 0,
                               .items = {{0, 2, 2}, {1, 3, 1}, {2, 1, 3}, {3, 3, 1}, {4, 1, 3}}};
  EXPECT_EQ(fewest_crossbars(problem), 1);
  EXPECT_LE(num_crossbars("max_rects", problem), 2);
}

TEST(MaxRects, IsWithinOneCrossbarOfTheFewestOnTinyProblems) {
  for (std::uint64_t trial = 0; trial < 1000; ++trial) {
    const PackingProblem problem = random_problem(trial, 5, 4);
    const std::int64_t fewest = fewest_crossbars(problem);
    const std::int64_t found = num_crossbars("max_rects", problem);
    ASSERT_GE(found, fewest) << "trial " << trial;
    ASSERT_LE(found, fewest + 1) << "trial " << trial;
  }
}

TEST(MaxRects, IsOptimalOnAlmostAllTinyProblems) {
  std::int64_t num_optimal = 0;
  for (std::uint64_t trial = 0; trial < 1000; ++trial) {
    const PackingProblem problem = random_problem(trial, 5, 4);
    if (num_crossbars("max_rects", problem) == fewest_crossbars(problem)) ++num_optimal;
  }
  EXPECT_GE(num_optimal, 980);
}

// The fewest crossbars of four runs of RNC's own program (arXiv 2409.18841) on the same blocks under the same rules.
TEST(MaxRects, NeedsNoMoreCrossbarsThanRnc) {
  EXPECT_LE(num_crossbars("max_rects", rnc_problem("squeezenet", 1)), 47);
  EXPECT_LE(num_crossbars("max_rects", rnc_problem("mbv3_small", 1)), 108);
  EXPECT_LE(num_crossbars("max_rects", rnc_problem("mbv3_small", 5)), 108);
  EXPECT_LE(num_crossbars("max_rects", rnc_problem("mbv3_small", 9)), 110);
  EXPECT_LE(num_crossbars("max_rects", rnc_problem("resnet18", 1)), 684);
}

}  // namespace
}  // namespace crossloom
