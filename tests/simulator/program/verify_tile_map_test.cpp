#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/program/rebuild_check.h"
#include "simulator/program/verify_program.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

using testing::IsEmpty;

TEST(VerifyTileMap, AcceptsOneBlock) {
  EXPECT_THAT(verify_tile_map(single_crossbar_program(test_chip(), {.channels = 16}, 16).tile_map), IsEmpty());
}

TEST(VerifyTileMap, AcceptsRemaindersCopiesAndGroups) {
  const TestProgram test = chain_program(
      test_chip(), {.channels = 3, .height = 6, .width = 6},
      {{.output_channels = 18, .kernel = 3, .num_copies = 2}, {.output_channels = 6, .kernel = 2, .num_groups = 6}});
  EXPECT_THAT(verify_tile_map(test.tile_map), IsEmpty());
}

TEST(VerifyTileMap, AcceptsBlocksThatShareACrossbar) {
  TileMap map = chain_program(test_chip(), {.channels = 8}, {{.output_channels = 8}, {.output_channels = 16}}).tile_map;
  PlacedBlock second = map.crossbars[1].blocks[0];
  second.row0 = 8;
  map.crossbars[0].blocks.push_back(second);
  map.crossbars.pop_back();
  EXPECT_THAT(verify_tile_map(map), IsEmpty());
}

TEST(VerifyTileMap, AcceptsANetworkWithoutWeights) {
  const TestProgram test = chain_program(test_chip(), {}, {{.kind = OperationKind::kVector}});
  EXPECT_THAT(verify_tile_map(test.tile_map), IsEmpty());
}

/// The tensor of a layer filled from the blocks of one copy, entry by entry, -1 where none; -2 where several.
std::vector<std::int64_t> brute_force_tensor(const TileMap& map, std::int64_t matrix_index, std::int64_t copy) {
  const WeightMatrix& matrix = map.matrices[static_cast<std::size_t>(matrix_index)];
  const std::int64_t num_inputs = matrix.num_input_channels / matrix.num_groups;
  std::vector<std::int64_t> tensor;
  for (std::int64_t output = 0; output < matrix.num_output_channels; ++output) {
    for (std::int64_t input = 0; input < num_inputs; ++input) {
      for (std::int64_t y = 0; y < matrix.kernel_height; ++y) {
        for (std::int64_t x = 0; x < matrix.kernel_width; ++x) {
          const std::int64_t row = (input * matrix.kernel_height + y) * matrix.kernel_width + x;
          std::int64_t held = -1;
          for (const CrossbarContents& contents : map.crossbars) {
            for (const PlacedBlock& block : contents.blocks) {
              if (block.matrix != matrix_index || block.copy != copy) continue;
              if (row < block.matrix_row0 || row >= block.matrix_row0 + block.rows) continue;
              if (output < block.matrix_col0 || output >= block.matrix_col0 + block.cols) continue;
              held = held == -1 ? weight_index(matrix, row, output) : -2;
            }
          }
          tensor.push_back(held);
        }
      }
    }
  }
  return tensor;
}

/// Whether the copies hold every weight once, and nothing that is no weight.
bool is_whole(const TileMap& map) {
  std::int64_t num_placed = 0;
  std::int64_t num_weights = 0;
  for (const CrossbarContents& contents : map.crossbars) {
    for (const PlacedBlock& block : contents.blocks) num_placed += block.rows * block.cols;
  }
  for (std::size_t i = 0; i < map.matrices.size(); ++i) {
    num_weights += map.num_copies[i] * map.matrices[i].rows * map.matrices[i].cols;
  }
  if (num_placed != num_weights) return false;
  for (std::size_t i = 0; i < map.matrices.size(); ++i) {
    for (std::int64_t copy = 0; copy < map.num_copies[i]; ++copy) {
      const std::vector<std::int64_t> tensor = brute_force_tensor(map, static_cast<std::int64_t>(i), copy);
      for (std::size_t weight = 0; weight < tensor.size(); ++weight) {
        if (tensor[weight] != static_cast<std::int64_t>(weight)) return false;
      }
    }
  }
  return true;
}

TEST(VerifyTileMap, AgreesWithABruteForceRebuildOnEverySingleStepOfABlock) {
  const TileMap map = chain_program(test_chip(), {.channels = 5, .height = 4, .width = 4},
                                    {{.output_channels = 18, .kernel = 2, .num_copies = 2}, {.output_channels = 3}})
                          .tile_map;
  ASSERT_TRUE(is_whole(map));
  int num_tried = 0;
  for (std::size_t i = 0; i < map.crossbars.size(); ++i) {
    for (std::int64_t PlacedBlock::*member : {&PlacedBlock::matrix, &PlacedBlock::copy, &PlacedBlock::matrix_row0,
                                              &PlacedBlock::matrix_col0, &PlacedBlock::rows, &PlacedBlock::cols}) {
      for (const std::int64_t step : {-1, 1}) {
        TileMap changed = map;
        changed.crossbars[i].blocks[0].*member += step;
        EXPECT_FALSE(is_whole(changed));
        EXPECT_FALSE(verify_tile_map(changed).empty());
        ++num_tried;
      }
    }
  }
  EXPECT_EQ(num_tried, 10 * 6 * 2);
}

}  // namespace
}  // namespace crossloom
