#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/packing/packer.h"
#include "tests/compiler/packing/example_problems.h"

namespace crossloom {

/// How GoogleTest prints it.
static void PrintTo(const Packer& packer, std::ostream* stream) { *stream << packer.name; }

namespace {

std::string name_of(const testing::TestParamInfo<Packer>& packer) { return std::string(packer.param.name); }

std::string part_name_of(const testing::TestParamInfo<std::tuple<Packer, std::uint64_t>>& part) {
  return std::string(std::get<Packer>(part.param).name) + "_" + std::to_string(std::get<std::uint64_t>(part.param));
}

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

constexpr std::uint64_t kNumParts = 5;

/// A packer and a part of the trials: all at once take minutes under the sanitizers.
class EveryPackerOnTrials : public testing::TestWithParam<std::tuple<Packer, std::uint64_t>> {
 protected:
  [[nodiscard]] static std::optional<Packing> pack(const PackingProblem& problem) {
    check(problem);
    return std::get<Packer>(GetParam()).pack(problem, {});
  }
  /// Trials of this part, of `count` in all.
  [[nodiscard]] static std::vector<std::uint64_t> trials(std::uint64_t count) {
    std::vector<std::uint64_t> result;
    for (std::uint64_t trial = std::get<std::uint64_t>(GetParam()); trial < count; trial += kNumParts) result.push_back(trial);
    return result;
  }
};

TEST_P(EveryPackerOnTrials, SatisfiesTheIndependentCheckOnRandomProblems) {
  for (const std::uint64_t trial : trials(1000)) {
    const PackingProblem problem = random_problem(trial, 40, 24);
    const std::optional<Packing> packing = pack(problem);
    ASSERT_TRUE(packing) << "trial " << trial;
    ASSERT_EQ(first_finding(problem, *packing), "") << "trial " << trial;
    ASSERT_GE(packing->num_crossbars, area_lower_bound(problem)) << "trial " << trial;
  }
}

TEST_P(EveryPackerOnTrials, KeepsTheBudget) {
  for (const std::uint64_t trial : trials(200)) {
    PackingProblem problem = random_problem(trial, 40, 24);
    problem.num_crossbars = pack(problem)->num_crossbars;
    const std::optional<Packing> at_budget = pack(problem);
    ASSERT_TRUE(at_budget) << "trial " << trial;
    ASSERT_EQ(first_finding(problem, *at_budget), "") << "trial " << trial;
    --problem.num_crossbars;
    ASSERT_FALSE(pack(problem)) << "trial " << trial;
  }
}

TEST_P(EveryPackerOnTrials, SaysByHowMuchTheBudgetIsMissedWhenAsked) {
  for (const std::uint64_t trial : trials(50)) {
    PackingProblem problem = random_problem(trial, 40, 24);
    problem.num_crossbars = 0;
    const std::optional<Packing> packing = std::get<Packer>(GetParam()).pack(problem, {.wants_overfull = true});
    ASSERT_TRUE(packing) << "trial " << trial;
    problem.num_crossbars = packing->num_crossbars;
    ASSERT_EQ(first_finding(problem, *packing), "") << "trial " << trial;
  }
}

TEST_P(EveryPackerOnTrials, GivesTheSamePackingTwice) {
  for (const std::uint64_t trial : trials(50)) {
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
INSTANTIATE_TEST_SUITE_P(Table, EveryPackerOnTrials,
                         testing::Combine(testing::ValuesIn(packers().begin(), packers().end()),
                                          testing::Range<std::uint64_t>(0, kNumParts)),
                         part_name_of);

}  // namespace
}  // namespace crossloom
