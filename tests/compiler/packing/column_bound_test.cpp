#include "compiler/packing/column_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "compiler/packing/covering_program.h"
#include "compiler/packing/pack_fewest.h"
#include "compiler/packing/packing_proof.h"
#include "compiler/packing/pattern_search.h"
#include "support/error.h"
#include "tests/compiler/packing/example_problems.h"
#include "tests/compiler/packing/fewest_crossbars.h"

namespace crossloom {
namespace {

/// The blocks alone, without rules of sharing.
PackingProblem blocks_alone(PackingProblem problem) {
  problem.conflict_distance = -1;
  problem.max_blocks_per_crossbar = 0;
  return problem;
}

std::vector<BlockSize> sizes_of(const PackingProblem& problem) {
  std::vector<BlockSize> sizes;
  for (const PackingItem& item : problem.items) sizes.push_back({.rows = item.rows, .cols = item.cols});
  return sizes;
}

TEST(MayFit, IsExactForAFewBlocks) {
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    const PackingProblem problem = blocks_alone(random_problem(trial, 5, 6));
    ASSERT_EQ(may_fit(sizes_of(problem), problem.crossbar_rows, problem.crossbar_cols, 100'000), fewest_crossbars(problem) == 1)
        << "trial " << trial;
  }
}

TEST(MayFit, ProvesNothingWhereItGivesUp) {
  const std::vector<BlockSize> three(3, {3, 3});
  EXPECT_FALSE(may_fit(three, 4, 4, 100));
  EXPECT_TRUE(may_fit(three, 4, 4, 0));
  EXPECT_TRUE(may_fit(std::vector<BlockSize>(9, {3, 3}), 4, 4, 100));
}

TEST(CoveringProgram, OfATriangleIsOneAndAHalf) {
  // Each column covers two of three rows: half of each column.
  CoveringProgram program({1.0, 1.0, 1.0});
  program.add_column({0, 1});
  program.add_column({1, 2});
  program.add_column({0, 2});
  for (const double worth : program.worths()) EXPECT_NEAR(worth, 0.5, 1e-9);
  program.add_column({0, 1, 2});
  const std::vector<double> worths = program.worths();
  EXPECT_NEAR(std::accumulate(worths.begin(), worths.end(), 0.0), 1.0, 1e-9);
}

TEST(CoveringProgram, CountsARowThatIsNamedTwice) {
  CoveringProgram program({5.0});
  program.add_column({0, 0});
  EXPECT_NEAR(program.worths().front(), 0.5, 1e-9);
}

TEST(CoveringProgramErrors, ARowThatNoColumnCovers) {
  CoveringProgram program({1.0, 1.0});
  program.add_column({0});
  EXPECT_THROW((void)program.worths(), InternalError);
}

/// Whether the blocks of a set, as bits, may share a crossbar: then they need one.
bool share(const PackingProblem& problem, std::uint32_t set) {
  PackingProblem some = problem;
  some.items.clear();
  for (std::size_t i = 0; i < problem.items.size(); ++i) {
    if ((set >> i & 1U) != 0) some.items.push_back(problem.items[i]);
  }
  return fewest_crossbars(some) == 1;
}

TEST(PatternSearch, FindsTheMostThatACrossbarIsWorth) {
  for (std::uint64_t trial = 0; trial < 150; ++trial) {
    const PackingProblem problem = random_problem(trial, 6, 5);
    const std::vector<BlockKind> kinds = block_kinds(problem);
    std::vector<std::int64_t> worths;
    for (std::size_t kind = 0; kind < kinds.size(); ++kind)
      worths.push_back(static_cast<std::int64_t>((trial + 7 * kind) % 11));
    std::int64_t most = 0;
    for (std::uint32_t set = 1; set < 1U << problem.items.size(); ++set) {
      std::int64_t worth = 0;
      for (std::size_t i = 0; i < problem.items.size(); ++i) {
        const auto kind = std::ranges::find(kinds, problem.items[i], &BlockKind::item) - kinds.begin();
        if ((set >> i & 1U) != 0) worth += worths[static_cast<std::size_t>(kind)];
      }
      if (worth > most && share(problem, set)) most = worth;
    }
    PatternSearch search(problem, kinds);
    const ValuablePatterns found = search.find(worths, 0, 100'000);
    EXPECT_TRUE(found.is_complete);
    EXPECT_EQ(found.most, most) << "trial " << trial;
    EXPECT_EQ(found.patterns.empty(), most == 0);
    EXPECT_FALSE(search.find(worths, most, 100'000).most > most);
  }
}

TEST(ColumnBound, LiesBetweenTheOtherBoundsAndTheFewest) {
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    const PackingProblem problem = random_problem(trial, 7, 6);
    const Packing packing = *packers().front().pack(problem, {});
    const std::int64_t known = lower_bound(problem).num_crossbars;
    const std::int64_t bound = column_generation_bound(problem, packing, {.num_nodes = 100'000, .known = known});
    EXPECT_GE(bound, known);
    EXPECT_LE(bound, fewest_crossbars(problem)) << "trial " << trial;
  }
}

TEST(ColumnBound, SeesThatLayersKeepBlocksApart) {
  // Three blocks of half a crossbar, of layers that are neighbours but for the first and the last: two pairs conflict.
  const PackingProblem problem = with_ample_budget(
      {.crossbar_rows = 4, .crossbar_cols = 4, .conflict_distance = 1, .items = {{0, 4, 2}, {1, 4, 2}, {1, 4, 2}, {2, 4, 2}}});
  // Only 0 and 2 may share; layer 1 needs two more.
  const Packing packing = *packers().front().pack(problem, {});
  EXPECT_EQ(column_generation_bound(problem, packing, {.num_nodes = 1000}), 3);
  EXPECT_EQ(packing.num_crossbars, 3);
}

// Fewest known, and least by the program: the four blocks of the last layer, 128 x 10, share none.
TEST(PackFewest, ProvesTheFewestOfResnet18WithEffortBest) {
  const PackingProblem problem = rnc_problem("resnet18", 1);
  const FewestPacking best = pack_fewest(problem, packers().front(), PackingEffort::kBest);
  EXPECT_EQ(best.packing.num_crossbars, 684);
  EXPECT_EQ(best.bound, (CrossbarBound{684, "columns"}));
  const FewestPacking quick = pack_fewest(problem, packers().front(), PackingEffort::kDefault);
  EXPECT_EQ(quick.packing.num_crossbars, 684);
  EXPECT_EQ(quick.bound, lower_bound(with_ample_budget(problem)));
}

}  // namespace
}  // namespace crossloom
