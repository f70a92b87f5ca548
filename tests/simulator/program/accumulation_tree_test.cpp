#include "simulator/program/accumulation_tree.h"

#include <gtest/gtest.h>

#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// One tile a router, in one row.
ChipConfig row_of_tiles(Accumulation accumulation) {
  ChipConfig chip = test_chip();
  chip.noc.mesh_rows = 1;
  chip.noc.mesh_cols = 8;
  chip.noc.tiles_per_router = 1;
  chip.tile.accumulation = accumulation;
  return chip;
}

TEST(AccumulationSteps, SendEverythingHomeWithoutATree) {
  const std::vector<TileSums> tiles = {{.tile = 0, .outputs = {{0, 8}}}, {.tile = 1, .outputs = {{0, 8}, {0, 8}}}};
  const auto steps = accumulation_steps(row_of_tiles(Accumulation::kHomeTile), 0, tiles);
  EXPECT_EQ(steps[0], (AccumulationStep{.num_sums = 8, .num_own_sums = 8}));
  EXPECT_EQ(steps[1], (AccumulationStep{.num_sums = 16, .num_own_sums = 16}));
}

TEST(AccumulationSteps, PassSumsOnFromTileToTile) {
  const std::vector<TileSums> tiles = {
      {.tile = 0, .outputs = {{0, 8}}}, {.tile = 3, .outputs = {{0, 8}}}, {.tile = 5, .outputs = {{0, 8}, {0, 8}}}};
  const auto steps = accumulation_steps(row_of_tiles(Accumulation::kTree), 0, tiles);
  EXPECT_EQ(steps[0], (AccumulationStep{.num_sums = 8, .num_own_sums = 8}));
  EXPECT_EQ(steps[1], (AccumulationStep{.num_children = 1, .num_additions = 8, .num_sums = 8, .num_own_sums = 8}));
  EXPECT_EQ(steps[2], (AccumulationStep{.parent = 1, .num_additions = 8, .num_sums = 8, .num_own_sums = 16}));
}

TEST(AccumulationSteps, PreferHomeToATileAsFarAway) {
  // From tile 2 to tile 4 it is as far as home, which is at 0.
  const std::vector<TileSums> tiles = {
      {.tile = 0, .outputs = {{0, 8}}}, {.tile = 2, .outputs = {{0, 8}}}, {.tile = 4, .outputs = {{0, 8}}}};
  const auto steps = accumulation_steps(row_of_tiles(Accumulation::kTree), 0, tiles);
  EXPECT_EQ(steps[1].parent, AccumulationStep::kHome);
  EXPECT_EQ(steps[2].parent, 1);
}

TEST(AccumulationSteps, PassByTilesThatMakeOtherSums) {
  const std::vector<TileSums> tiles = {
      {.tile = 0, .outputs = {{0, 16}}}, {.tile = 2, .outputs = {{0, 8}}}, {.tile = 3, .outputs = {{8, 16}}}};
  const auto steps = accumulation_steps(row_of_tiles(Accumulation::kTree), 0, tiles);
  EXPECT_EQ(steps[2], (AccumulationStep{.num_sums = 8, .num_own_sums = 8}));
}

TEST(AccumulationSteps, KeepSumsApartThatOverlapInPart) {
  const std::vector<TileSums> tiles = {
      {.tile = 0, .outputs = {{0, 16}}}, {.tile = 2, .outputs = {{0, 8}}}, {.tile = 3, .outputs = {{6, 16}}}};
  const auto steps = accumulation_steps(row_of_tiles(Accumulation::kTree), 0, tiles);
  EXPECT_EQ(steps[1], (AccumulationStep{.num_children = 1, .num_additions = 2, .num_sums = 16, .num_own_sums = 8}));
}

/// n sums of an output take n - 1 additions in all.
TEST(AccumulationSteps, MakeAsManyAdditionsAsTheHomeTileWould) {
  std::vector<TileSums> tiles;
  for (std::int64_t tile = 0; tile < 8; ++tile) tiles.push_back({.tile = tile, .outputs = {{0, 12}, {4, 12}}});
  const auto steps = accumulation_steps(row_of_tiles(Accumulation::kTree), 3, tiles);
  std::int64_t num_additions = 0;
  std::int64_t num_sums_at_home = 0;
  for (const AccumulationStep& step : steps) {
    num_additions += step.num_additions;
    if (step.parent == AccumulationStep::kHome) num_sums_at_home += step.num_sums;
  }
  EXPECT_EQ(num_additions + num_sums_at_home - 12, 8 * 20 - 12);
}

}  // namespace
}  // namespace crossloom
