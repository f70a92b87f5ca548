#include "compiler/packing/ejection_search.h"

#include <gtest/gtest.h>

#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packer.h"
#include "tests/compiler/packing/example_problems.h"
#include "tests/compiler/packing/fewest_crossbars.h"

namespace crossloom {
namespace {

Packing greedy(const PackingProblem& problem) { return *packer_by_name("max_rects").pack(problem, {}); }

/// Crossbars after a search that ends at `enough`.
std::int64_t crossbars_after_search(const PackingProblem& problem, std::int64_t num_insertions, std::int64_t enough) {
  const Packing packing = eject_crossbars(problem, greedy(problem), {.num_insertions = num_insertions, .lower_bound = enough});
  EXPECT_TRUE(verify_packing(problem, packing).empty());
  return packing.num_crossbars;
}

TEST(EjectionSearch, WithoutStepsReturnsItsStart) {
  const PackingProblem problem = rnc_problem("mbv3_small", 1);
  const Packing start = greedy(problem);
  EXPECT_EQ(eject_crossbars(problem, start, {.num_insertions = 0, .lower_bound = 0}), start);
  EXPECT_EQ(eject_crossbars(problem, start, {.num_insertions = 100, .lower_bound = start.num_crossbars}), start);
}

TEST(EjectionSearch, IsOptimalOnTinyProblems) {
  for (std::uint64_t trial = 0; trial < 500; ++trial) {
    const PackingProblem problem = random_problem(trial, 5, 4);
    ASSERT_EQ(crossbars_after_search(problem, 200, 0), fewest_crossbars(problem)) << "trial " << trial;
  }
}

TEST(EjectionSearch, KeepsTheRulesOnRandomProblems) {
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    const PackingProblem problem = random_problem(trial, 60, 24);
    ASSERT_LE(crossbars_after_search(problem, 300, lower_bound(problem).num_crossbars), greedy(problem).num_crossbars)
        << "trial " << trial;
  }
}

TEST(EjectionSearch, ImprovesACrossbarForEachBlock) {
  const PackingProblem problem = rnc_problem("squeezenet", 1);
  const Packing apart = *packer_by_name("one_per_crossbar").pack(problem, {});
  const Packing packing = eject_crossbars(problem, apart, {.num_insertions = 20'000, .lower_bound = 45});
  EXPECT_TRUE(verify_packing(problem, packing).empty());
  EXPECT_LE(packing.num_crossbars, 46);
}

// The fewest known under RNC's rules and cuts; 45 is the area bound, 104 at depth split 1 the least by a linear program.
TEST(EjectionSearch, FindsTheFewestKnownForTheNetworksOfRnc) {
  EXPECT_EQ(crossbars_after_search(rnc_problem("squeezenet", 1), 20'000, 45), 45);
  EXPECT_EQ(crossbars_after_search(rnc_problem("mbv3_small", 1), 20'000, 104), 104);
  EXPECT_EQ(greedy(rnc_problem("resnet18", 1)).num_crossbars, 684);
}

TEST(EjectionSearch, NeedsFewerCrossbarsThanRncWithDefaultEffort) {
  const auto crossbars = [](const PackingProblem& problem) { return packers().front().pack(problem, {})->num_crossbars; };
  // Within 2 % of the fewest known.
  EXPECT_EQ(crossbars(rnc_problem("squeezenet", 1)), 45);
  EXPECT_LE(crossbars(rnc_problem("mbv3_small", 1)), 106);
  EXPECT_LE(crossbars(rnc_problem("mbv3_small", 5)), 106);
  EXPECT_LE(crossbars(rnc_problem("mbv3_small", 9)), 106);
  EXPECT_EQ(crossbars(rnc_problem("resnet18", 1)), 684);
}

}  // namespace
}  // namespace crossloom
