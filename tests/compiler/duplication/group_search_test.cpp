#include "compiler/duplication/group_search.h"

#include <gtest/gtest.h>

#include "tests/compiler/duplication/random_sharing.h"

namespace crossloom {
namespace {

SharingProblem problem_of(std::vector<SharingLayer> layers, std::int64_t num_crossbars) {
  return {
      .rules = {.crossbar_rows = 8, .crossbar_cols = 8, .num_crossbars = num_crossbars, .conflict_distance = 1, .items = {}},
      .layers = std::move(layers),
      .leftover = Leftover::kKept};
}

TEST(GroupSearch, GivesTheBusierLayerTheSpareCrossbars) {
  // Whole crossbars, so nothing is shared: 3 + 1 copies make both layers take 10.
  const SharingProblem problem = problem_of(
      {{.blocks = {{8, 8}}, .num_turns = 30, .max_copies = 30}, {.blocks = {{8, 8}}, .num_turns = 10, .max_copies = 10}}, 4);
  const auto mapping = group_layers(problem, {.num_steps = 20'000});
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->num_copies, (std::vector<std::int64_t>{3, 1}));
  EXPECT_EQ(mapping->latency_turns, 20);
  EXPECT_EQ(mapping->batch_turns, 20 + 63 * 10);
}

TEST(GroupSearch, GroupsLayersThatMayShareApartFromTheirNeighbours) {
  // Layers 1 and 3 on one crossbar of the four; 0 and 2, half a crossbar each, on the three others in ceil(20 / 3) = 7 turns:
  // an input every 14. Side by side, 0 and 2 would have one crossbar and a half each: an input every 20.
  const auto half = [](std::int64_t turns) {
    return SharingLayer{.blocks = {{4, 8}}, .num_turns = turns, .max_copies = turns};
  };
  const SharingProblem problem = problem_of({half(20), half(2), half(20), half(2)}, 4);
  const auto mapping = group_layers(problem, {.latency_weight = 0.0, .num_steps = 100'000});
  ASSERT_TRUE(mapping);
  EXPECT_LE(mapping->batch_turns, 7 + 2 + 7 + 2 + 63 * 14);
}

TEST(GroupSearch, FindsThePackingWhereOnlySingleCopiesFit) {
  // 3 crossbars of area for 3 crossbars of blocks.
  const SharingProblem problem = problem_of({{.blocks = {{8, 5}}, .num_turns = 9, .max_copies = 9},
                                             {.blocks = {{8, 6}}, .num_turns = 9, .max_copies = 9},
                                             {.blocks = {{8, 3}}, .num_turns = 9, .max_copies = 9},
                                             {.blocks = {{8, 2}}, .num_turns = 9, .max_copies = 9},
                                             {.blocks = {{8, 8}}, .num_turns = 9, .max_copies = 9}},
                                            3);
  const auto mapping = group_layers(problem, {.num_steps = 1000});
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->num_copies, (std::vector<std::int64_t>{1, 1, 1, 1, 1}));
}

TEST(GroupSearch, SaysWhenNothingFits) {
  EXPECT_FALSE(
      group_layers(problem_of({{.blocks = {{8, 8}, {8, 8}}, .num_turns = 1, .max_copies = 1}}, 1), {.num_steps = 1000}));
}

TEST(GroupSearch, RespectsTheAllowedLatencyWhereItCan) {
  // One group of all crossbars: 2 copies of each, latency 20; the allowed latency asks for it.
  const SharingProblem problem = problem_of({{.blocks = {{4, 8}}, .num_turns = 20, .max_copies = 20},
                                             {.blocks = {{1, 1}}, .num_turns = 1, .max_copies = 1},
                                             {.blocks = {{4, 8}}, .num_turns = 20, .max_copies = 20}},
                                            3);
  const auto mapping =
      group_layers(problem, {.num_inputs = 1000, .latency_weight = 0.0, .max_latency_turns = 21, .num_steps = 50'000});
  ASSERT_TRUE(mapping);
  EXPECT_LE(mapping->latency_turns, 21);
}

TEST(GroupSearch, PlacesEveryBlockOfEveryCopyByTheRules) {
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    const SharingProblem problem = random_sharing(trial);
    const auto mapping = group_layers(problem, {.num_steps = 5000});
    ASSERT_TRUE(mapping) << "trial " << trial;
    const PlacedCopies placed = placed_copies(problem, mapping->placements);
    EXPECT_EQ(verify_packing(placed.problem, placed.packing), std::vector<std::string>{}) << "trial " << trial;
    std::size_t num_blocks = 0;
    for (std::size_t layer = 0; layer < problem.layers.size(); ++layer)
      num_blocks += static_cast<std::size_t>(mapping->num_copies[layer]) * problem.layers[layer].blocks.size();
    EXPECT_EQ(mapping->placements.size(), num_blocks) << "trial " << trial;
  }
}

TEST(GroupSearch, IsTheSameForTheSameSeed) {
  const SharingProblem problem = random_sharing(7);
  const auto first = group_layers(problem, {.num_steps = 5000, .seed = 3});
  const auto second = group_layers(problem, {.num_steps = 5000, .seed = 3});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->placements, second->placements);
}

}  // namespace
}  // namespace crossloom
