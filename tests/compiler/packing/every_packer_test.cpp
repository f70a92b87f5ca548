#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/packing/packer.h"
#include "tests/compiler/packing/example_problems.h"

namespace crossloom {
namespace {

std::string name_of(const testing::TestParamInfo<Packer>& packer) { return std::string(packer.param.name); }

std::string first_finding(const PackingProblem& problem, const Packing& packing) {
  const std::vector<std::string> findings = verify_packing(problem, packing);
  return findings.empty() ? "" : findings.front();
}

/// `count` blocks of one size, block i of layer i.
PackingProblem equal_blocks(std::int64_t count, std::int64_t rows, std::int64_t cols) {
  PackingProblem problem{.crossbar_rows = 16, .crossbar_cols = 8, .conflict_distance = 0, .items = {}};
  for (std::int64_t i = 0; i < count; ++i) problem.items.push_back({.layer = i, .rows = rows, .cols = cols});
  return with_ample_budget(problem);
}

class EveryPacker : public testing::TestWithParam<Packer> {
 protected:
  [[nodiscard]] static std::optional<Packing> pack(const PackingProblem& problem) {
    check(problem);
    return GetParam().pack(problem, {});
  }
};

TEST_P(EveryPacker, PacksNothingOnNoCrossbar) {
  const std::optional<Packing> packing = pack(equal_blocks(0, 1, 1));
  ASSERT_TRUE(packing);
  EXPECT_EQ(*packing, Packing{});
}

TEST_P(EveryPacker, PutsABlockOfFullSizeOnOneCrossbar) {
  const std::optional<Packing> packing = pack(equal_blocks(1, 16, 8));
  ASSERT_TRUE(packing);
  EXPECT_EQ(*packing, (Packing{.num_crossbars = 1, .placements = {{.crossbar = 0, .row0 = 0, .col0 = 0}}}));
}

TEST_P(EveryPacker, GivesEachBlockOfFullSizeACrossbar) {
  const PackingProblem problem = equal_blocks(50, 16, 8);
  const std::optional<Packing> packing = pack(problem);
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->num_crossbars, 50);
  EXPECT_EQ(first_finding(problem, *packing), "");
}

TEST_P(EveryPacker, HasNoWayWithoutCrossbars) {
  PackingProblem problem = equal_blocks(1, 1, 1);
  problem.num_crossbars = 0;
  EXPECT_FALSE(pack(problem));
}

TEST_P(EveryPacker, HasNoWayForTwoFullBlocksOnOneCrossbar) {
  PackingProblem problem = equal_blocks(2, 16, 8);
  problem.num_crossbars = 1;
  EXPECT_FALSE(pack(problem));
}

TEST_P(EveryPacker, GivesEachBlockACrossbarUnderACapOfOne) {
  PackingProblem problem = equal_blocks(9, 1, 1);
  problem.max_blocks_per_crossbar = 1;
  const std::optional<Packing> packing = pack(problem);
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->num_crossbars, 9);
}

TEST_P(EveryPacker, KeepsLayersApartAtAnyDistance) {
  PackingProblem problem = equal_blocks(9, 1, 1);
  problem.conflict_distance = INT64_MAX;
  const std::optional<Packing> packing = pack(problem);
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->num_crossbars, 9);
}

TEST_P(EveryPacker, PacksManySingleWeightsUnderEachConflictRule) {
  for (std::int64_t distance = -1; distance <= 2; ++distance) {
    PackingProblem problem = equal_blocks(1000, 1, 1);
    problem.conflict_distance = distance;
    const std::optional<Packing> packing = pack(problem);
    ASSERT_TRUE(packing);
    EXPECT_EQ(first_finding(problem, *packing), "") << "distance " << distance;
  }
}

TEST_P(EveryPacker, SatisfiesTheIndependentCheckOnRandomProblems) {
  for (std::uint64_t trial = 0; trial < 1000; ++trial) {
    const PackingProblem problem = random_problem(trial, 40, 24);
    const std::optional<Packing> packing = pack(problem);
    ASSERT_TRUE(packing) << "trial " << trial;
    ASSERT_EQ(first_finding(problem, *packing), "") << "trial " << trial;
    ASSERT_GE(packing->num_crossbars, area_lower_bound(problem)) << "trial " << trial;
  }
}

TEST_P(EveryPacker, KeepsTheBudget) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    PackingProblem problem = random_problem(trial, 40, 24);
    problem.num_crossbars = pack(problem)->num_crossbars;
    const std::optional<Packing> at_budget = pack(problem);
    ASSERT_TRUE(at_budget) << "trial " << trial;
    ASSERT_EQ(first_finding(problem, *at_budget), "") << "trial " << trial;
    --problem.num_crossbars;
    ASSERT_FALSE(pack(problem)) << "trial " << trial;
  }
}

TEST_P(EveryPacker, GivesTheSamePackingTwice) {
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    const PackingProblem problem = random_problem(trial, 200, 64);
    ASSERT_EQ(pack(problem), pack(problem)) << "trial " << trial;
  }
}

TEST_P(EveryPacker, PacksTheNetworksOfRnc) {
  for (const PackingProblem& problem :
       {rnc_problem("squeezenet", 1), rnc_problem("mbv3_small", 9), rnc_problem("resnet18", 1)}) {
    const std::optional<Packing> packing = pack(problem);
    ASSERT_TRUE(packing);
    EXPECT_EQ(first_finding(problem, *packing), "");
    EXPECT_GE(packing->num_crossbars, area_lower_bound(problem));
  }
}

INSTANTIATE_TEST_SUITE_P(Table, EveryPacker, testing::ValuesIn(packers().begin(), packers().end()), name_of);

}  // namespace
}  // namespace crossloom
