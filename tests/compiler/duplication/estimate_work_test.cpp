#include "compiler/duplication/estimate_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_geometry.h"
#include "tests/compiler/example_layers.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

MatrixBlocks blocks_of(const LoweredNetwork& lowered, const ChipConfig& chip) {
  MatrixBlocks blocks;
  for (const WeightMatrix& matrix : lowered.matrices) {
    blocks.push_back(partition(matrix, static_cast<std::int64_t>(blocks.size()),
                               {.crossbar_rows = chip.crossbar.rows, .crossbar_weight_cols = num_weight_cols(chip)}));
  }
  return blocks;
}

TEST(EstimateWork, TakesTheSlowestBlockOfEachMatrix) {
  const ChipConfig chip = test_chip();
  const LoweredNetwork lowered =
      lower(infer_shapes(network_of({3, 6, 6}) + convolution("dense", 20, 3) + depthwise("depthwise", 20, 3)));
  const std::vector<LayerWork> works = estimate_work(lowered, blocks_of(lowered, chip), chip);
  ASSERT_EQ(works.size(), 2U);
  EXPECT_EQ(works[0].name, "dense");
  EXPECT_EQ(works[0].num_windows, 16);
  EXPECT_EQ(works[0].num_weights, 27 * 20);
  EXPECT_EQ(works[0].num_blocks, 4);  // 16 + 11 rows, 16 + 4 columns
  EXPECT_EQ(works[0].window_fs, activation_timing(chip, {.rows = 16, .cols = 16, .has_signed_inputs = true}).interval_fs);
  // 16 channels one after another beside a block of 4.
  EXPECT_EQ(works[1].window_fs, 16 * activation_timing(chip, {.rows = 9, .cols = 16, .has_signed_inputs = true}).interval_fs);
}

TEST(EstimateWork, NamesTheLayerWhoseInputsTheChipCannotTake) {
  ChipConfig chip = test_chip();
  chip.arithmetic.input_encoding = InputEncoding::kUnsigned;
  const LoweredNetwork lowered = lower(infer_shapes(network_of({3, 6, 6}) + convolution("first", 4, 3)));
  EXPECT_THAT(user_error([&] { return estimate_work(lowered, blocks_of(lowered, chip), chip); }),
              testing::StartsWith("layer first: "));
}

TEST(IoInterval, IsTheLongerOfTheWaysInAndOut) {
  ChipConfig chip = test_chip();
  chip.io.bits_per_s = 1'000'000'000;
  const std::int64_t bits = chip.arithmetic.activation_bits;
  EXPECT_EQ(io_interval_fs(infer_shapes(network_of({3, 6, 6}) + linear("fc", 10)), chip), 108 * bits * kFsPerNs);
  EXPECT_EQ(io_interval_fs(infer_shapes(network_of({3, 6, 6}) + convolution("wide", 4, 1)), chip), 144 * bits * kFsPerNs);
}

}  // namespace
}  // namespace crossloom
