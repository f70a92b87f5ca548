#include "compiler/scheduling/schedule.h"

#include <gtest/gtest.h>

#include <set>

#include "compiler/duplication/fit_copies.h"
#include "simulator/hardware/chip_geometry.h"
#include "tests/compiler/example_layers.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// The network with so many copies of each matrix on the test chip, made large enough, one block a crossbar.
PlacedProgram scheduled(const Network& network, const std::vector<std::int64_t>& num_copies) {
  ChipConfig chip = test_chip();
  chip.noc.mesh_rows = 32;
  chip.noc.mesh_cols = 32;
  const LoweredNetwork lowered = lower(infer_shapes(network));
  MatrixBlocks matrix_blocks;
  for (const WeightMatrix& matrix : lowered.matrices) {
    matrix_blocks.push_back(partition(matrix, static_cast<std::int64_t>(matrix_blocks.size()),
                                      {.crossbar_rows = chip.crossbar.rows, .crossbar_weight_cols = num_weight_cols(chip)}));
  }
  const std::vector<CopyBlock> blocks = copy_blocks(matrix_blocks, num_copies);
  Packing packing{.num_crossbars = static_cast<std::int64_t>(blocks.size())};
  for (std::int64_t i = 0; i < packing.num_crossbars; ++i) packing.placements.push_back({.crossbar = i});
  return schedule(lowered, place_row_major(chip, lowered.matrices, num_copies, blocks, packing), blocks, packing);
}

TEST(Schedule, DealsEveryWindowToOneCopyWhateverTheirNumber) {
  for (std::int64_t num_copies = 1; num_copies <= 35; ++num_copies) {
    const PlacedProgram program = scheduled(network_of({3, 5, 7}) + convolution("conv", 4, 1), {num_copies});
    std::set<std::int64_t> windows;
    std::int64_t num_windows = 0;
    ASSERT_EQ(program.operations[1].copies.size(), static_cast<std::size_t>(num_copies));
    for (const CopyRecord& copy : program.operations[1].copies) {
      for (std::int64_t i = 0; i < copy.num_windows; ++i) windows.insert(copy.first_window + i * copy.window_step);
      num_windows += copy.num_windows;
    }
    EXPECT_EQ(num_windows, 35);
    EXPECT_EQ(windows.size(), 35U);
    EXPECT_EQ(*windows.begin(), 0);
    EXPECT_EQ(*windows.rbegin(), 34);
  }
}

TEST(Schedule, GivesACopyTheBlocksOfItsMatrixAndTheTileOfTheFirst) {
  const PlacedProgram program = scheduled(network_of({3, 6, 6}) + convolution("conv", 20, 3), {3});
  const Operation& conv = program.operations[1];
  for (std::int64_t copy = 0; copy < 3; ++copy) {
    const CopyRecord& record = conv.copies[static_cast<std::size_t>(copy)];
    ASSERT_EQ(record.blocks.size(), 4U);  // 27 x 20 in 16 x 16
    EXPECT_EQ(record.blocks[0].crossbar, 4 * copy);
    EXPECT_EQ(record.home_tile, copy);  // 4 crossbars a tile
    EXPECT_EQ(record.blocks[0].num_input_values, 16);
    EXPECT_EQ(record.blocks[3].num_input_values, 11);
    EXPECT_EQ(record.blocks[3].input_part, 1);
  }
}

TEST(Schedule, AddsTheAdditionsOfPartialSums) {
  // 27 rows in two parts: one addition a channel beside the requantization.
  EXPECT_EQ(scheduled(network_of({3, 6, 6}) + convolution("conv", 20, 3), {1}).operations[1].num_unit_operations, 40);
  // 16 rows in one part.
  EXPECT_EQ(scheduled(network_of({16, 6, 6}) + convolution("conv", 20, 1), {1}).operations[1].num_unit_operations, 20);
}

TEST(Schedule, CountsInputValuesOfADepthwiseBlockForEachGroup) {
  const PlacedProgram program = scheduled(network_of({20, 6, 6}) + depthwise("conv", 20, 3), {1});
  const std::vector<BlockRecord>& blocks = program.operations[1].copies[0].blocks;
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].num_activations, 16);
  EXPECT_EQ(blocks[0].num_input_values, 9 * 16);
  EXPECT_EQ(blocks[1].num_input_values, 9 * 4);
}

TEST(Schedule, SpreadsDigitalWorkOverTheCopiesOfTheWidestProducer) {
  const PlacedProgram program =
      scheduled(network_of({3, 6, 6}) + convolution("a", 20, 3, 1, 1) + reading(convolution("b", 20, 3, 1, 1), {0}) +
                    plain("sum", LayerKind::kAdd, {1, 2}) + max_pool("pool", 2, 2) + max_pool("last", 2, 2),
                {1, 4});
  const Operation& b = program.operations[2];
  const Operation& sum = program.operations[3];
  ASSERT_EQ(sum.copies.size(), 4U);
  for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(sum.copies[j].home_tile, b.copies[j].home_tile);
  EXPECT_EQ(program.operations[4].copies.size(), 4U);
  EXPECT_EQ(program.operations[5].copies.size(), 1U);  // one window
}

TEST(Schedule, KeepsInputAndOutputAtTheIoPort) {
  const PlacedProgram program = scheduled(network_of({3, 6, 6}) + convolution("conv", 20, 3), {2});
  for (const Operation& operation : {program.operations.front(), program.operations.back()}) {
    ASSERT_EQ(operation.copies.size(), 1U);
    EXPECT_EQ(operation.copies[0].num_windows, operation.num_windows());
    EXPECT_EQ(operation.copies[0].window_step, 1);
    EXPECT_EQ(operation.copies[0].home_tile, 0);
    EXPECT_TRUE(operation.copies[0].blocks.empty());
  }
}

TEST(Schedule, RefusesACopyWithoutWindows) {
  EXPECT_THROW(static_cast<void>(scheduled(network_of({3, 1, 1}) + convolution("conv", 2, 1), {2})), InternalError);
}

}  // namespace
}  // namespace crossloom
