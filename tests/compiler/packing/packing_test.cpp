#include "compiler/packing/packing.h"

#include <gtest/gtest.h>

#include "tests/compiler/packing/example_problems.h"

namespace crossloom {
namespace {

TEST(AreaLowerBound, IsZeroWithoutBlocks) {
  EXPECT_EQ(area_lower_bound({.crossbar_rows = 4, .crossbar_cols = 4, .items = {}}), 0);
}

TEST(AreaLowerBound, RoundsUp) {
  PackingProblem problem{.crossbar_rows = 4, .crossbar_cols = 4, .items = {{0, 4, 4}, {1, 4, 4}}};
  EXPECT_EQ(area_lower_bound(problem), 2);
  problem.items.push_back({2, 1, 1});
  EXPECT_EQ(area_lower_bound(problem), 3);
}

// Block counts and ceil(block area / 16384) as RNC's own program has them (arXiv 2409.18841).
TEST(AreaLowerBound, OfTheNetworksOfRnc) {
  const auto sizes = [](const PackingProblem& problem) { return std::pair(problem.items.size(), area_lower_bound(problem)); };
  EXPECT_EQ(sizes(rnc_problem("squeezenet", 1)), std::pair(std::size_t{80}, std::int64_t{45}));
  EXPECT_EQ(sizes(rnc_problem("mbv3_small", 1)), std::pair(std::size_t{210}, std::int64_t{102}));
  EXPECT_EQ(sizes(rnc_problem("mbv3_small", 5)), std::pair(std::size_t{249}, std::int64_t{102}));
  EXPECT_EQ(sizes(rnc_problem("mbv3_small", 9)), std::pair(std::size_t{297}, std::int64_t{102}));
  EXPECT_EQ(sizes(rnc_problem("resnet18", 1)), std::pair(std::size_t{698}, std::int64_t{682}));
}

TEST(CheckPacking, AcceptsBlocksOfFullSizeAndNoBudget) {
  EXPECT_NO_THROW(check({.crossbar_rows = 4, .crossbar_cols = 2, .num_crossbars = 0, .items = {{0, 4, 2}, {0, 1, 1}}}));
}

}  // namespace
}  // namespace crossloom
