#include "compiler/placement/place.h"

#include <gtest/gtest.h>

#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"
#include "tests/compiler/partition/example_matrix.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

const std::vector<CopyBlock> kBlocks{
    {.block = {.matrix = 0, .rows = 4, .cols = 5}, .copy = 0},
    {.block = {.matrix = 0, .rows = 4, .cols = 5}, .copy = 1},
    {.block = {.matrix = 1, .matrix_row0 = 2, .matrix_col0 = 3, .rows = 6, .cols = 7}, .copy = 0}};

TEST(PlaceRowMajor, PutsPackedCrossbarKOnCrossbarKOfTheChip) {
  const ChipConfig chip = test_chip();
  const Packing packing{.num_crossbars = 2,
                        .placements = {{.crossbar = 1}, {.crossbar = 0}, {.crossbar = 1, .row0 = 4, .col0 = 5}}};
  const TileMap map = place_row_major(chip, {dense_matrix(4, 5), dense_matrix(8, 10)}, {2, 1}, kBlocks, packing);
  ASSERT_EQ(map.crossbars.size(), 2U);
  EXPECT_EQ(map.crossbars[0].crossbar, 0);
  EXPECT_EQ(map.crossbars[1].crossbar, 1);
  const std::vector<PlacedBlock> first{{.matrix = 0, .copy = 1, .rows = 4, .cols = 5}};
  const std::vector<PlacedBlock> second{
      {.matrix = 0, .copy = 0, .rows = 4, .cols = 5},
      {.matrix = 1, .copy = 0, .matrix_row0 = 2, .matrix_col0 = 3, .rows = 6, .cols = 7, .row0 = 4, .col0 = 5}};
  EXPECT_EQ(map.crossbars[0].blocks, first);
  EXPECT_EQ(map.crossbars[1].blocks, second);
  EXPECT_EQ(map.num_copies, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(map.chip, chip);
}

TEST(PlaceRowMajor, FillsTileAfterTile) {
  const ChipConfig chip = test_chip();  // 4 crossbars a tile
  std::vector<CopyBlock> blocks;
  Packing packing{.num_crossbars = 9};
  for (std::int64_t i = 0; i < 9; ++i) {
    blocks.push_back({.block = {.matrix = 0, .rows = 4, .cols = 5}, .copy = i});
    packing.placements.push_back({.crossbar = i});
  }
  const TileMap map = place_row_major(chip, {dense_matrix(4, 5)}, {9}, blocks, packing);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(map.crossbars[i].tile, static_cast<std::int64_t>(i) / 4);
}

TEST(PlaceRowMajor, RefusesAPackingOfOtherBlocks) {
  EXPECT_THROW(static_cast<void>(place_row_major(test_chip(), {dense_matrix(4, 5)}, {1}, kBlocks, {})), InternalError);
}

TEST(PlaceRowMajor, RefusesMoreCrossbarsThanTheChipHas) {
  const ChipConfig chip = test_chip();
  const Packing packing{.num_crossbars = num_crossbars(chip) + 1};
  EXPECT_THROW(static_cast<void>(place_row_major(chip, {}, {}, {}, packing)), InternalError);
}

}  // namespace
}  // namespace crossloom
