#include "compiler/duplication/group_filler.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/compiler/duplication/random_sharing.h"

namespace crossloom {
namespace {

SharingProblem problem_of(std::vector<SharingLayer> layers) {
  return {.rules = {.crossbar_rows = 8, .crossbar_cols = 8, .num_crossbars = 4, .conflict_distance = 1, .items = {}},
          .layers = std::move(layers),
          .leftover = Leftover::kKept};
}

TEST(GroupFiller, GivesALayerACopyOnEachCrossbar) {
  const SharingProblem problem = problem_of({{.blocks = {{8, 8}}, .num_turns = 100, .max_copies = 100}});
  const GroupFill fill = GroupFiller(problem).fill({.layers = {0}, .num_crossbars = 4});
  EXPECT_EQ(fill, (GroupFill{.num_copies = {4}, .num_turns = 25, .missing_area = 0}));
}

TEST(GroupFiller, LetsLayersThatFitBesideEachOtherUseAllCrossbars) {
  // Layers 0 and 2 may share: half a crossbar each, so a copy of both on every one.
  const SharingLayer half{.blocks = {{4, 8}}, .num_turns = 40, .max_copies = 100};
  const SharingProblem problem = problem_of({half, half, half});
  GroupFiller filler(problem);
  EXPECT_EQ(filler.fill({.layers = {0, 2}, .num_crossbars = 4}).num_turns, 10 + 10);
  EXPECT_EQ(filler.sharing_layers(), (std::vector<std::pair<std::size_t, std::size_t>>{{0, 2}}));
}

TEST(GroupFiller, KeepsNeighbouringLayersApart) {
  // Four crossbars between two layers that may not share: 2 + 2 copies are the least sum of turns.
  const SharingLayer half{.blocks = {{4, 8}}, .num_turns = 40, .max_copies = 100};
  const SharingProblem problem = problem_of({half, half});
  const GroupFill fill = GroupFiller(problem).fill({.layers = {0, 1}, .num_crossbars = 4});
  EXPECT_EQ(fill.num_turns, 20 + 20);
}

TEST(GroupFiller, GivesNoMoreCopiesThanServe) {
  const SharingProblem problem = problem_of({{.blocks = {{1, 1}}, .num_turns = 100, .max_copies = 3}});
  EXPECT_EQ(GroupFiller(problem).fill({.layers = {0}, .num_crossbars = 4}).num_copies, std::vector<std::int64_t>{3});
}

TEST(GroupFiller, NamesTheAreaThatFindsNoPlace) {
  const SharingProblem problem = problem_of({{.blocks = {{8, 8}, {8, 8}, {8, 3}}, .num_turns = 5, .max_copies = 1}});
  EXPECT_EQ(GroupFiller(problem).fill({.layers = {0}, .num_crossbars = 2}).missing_area, 8 * 3);
}

TEST(GroupFiller, FillsWhatAPackingLeaves) {
  const SharingProblem problem = problem_of({{.blocks = {{4, 8}}, .num_turns = 6, .max_copies = 9},
                                             {.blocks = {{8, 8}}, .num_turns = 6, .max_copies = 9},
                                             {.blocks = {{4, 8}}, .num_turns = 6, .max_copies = 9}});
  const Packing single{.num_crossbars = 3, .placements = {{.crossbar = 0}, {.crossbar = 1}, {.crossbar = 2, .row0 = 4}}};
  GroupFiller filler(problem);
  const GroupFill fill = filler.extend({.layers = {0, 1, 2}, .num_crossbars = 3}, single);
  // One more copy of each small layer on the other's crossbar.
  EXPECT_EQ(fill.num_copies, (std::vector<std::int64_t>{2, 1, 2}));
  EXPECT_EQ(fill.num_turns, 3 + 6 + 3);
}

TEST(GroupFiller, PlacesEveryBlockOfEveryCopyByTheRules) {
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    const SharingProblem problem = random_sharing(trial);
    CrossbarGroup all{.layers = {}, .num_crossbars = problem.rules.num_crossbars};
    for (std::size_t layer = 0; layer < problem.layers.size(); ++layer) all.layers.push_back(layer);
    GroupFiller filler(problem);
    const GroupFill fill = filler.fill(all);
    ASSERT_EQ(fill.missing_area, 0) << "trial " << trial;
    const std::vector<CopyPlacement> placements = filler.placements();
    std::size_t num_blocks = 0;
    for (std::size_t layer = 0; layer < problem.layers.size(); ++layer)
      num_blocks += static_cast<std::size_t>(fill.num_copies[layer]) * problem.layers[layer].blocks.size();
    ASSERT_EQ(placements.size(), num_blocks) << "trial " << trial;
    const PlacedCopies placed = placed_copies(problem, placements);
    EXPECT_EQ(verify_packing(placed.problem, placed.packing), std::vector<std::string>{}) << "trial " << trial;
  }
}

}  // namespace
}  // namespace crossloom
