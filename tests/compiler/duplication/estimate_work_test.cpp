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
  // 16 channels one after another, each reading its own column, beside a block of 4.
  EXPECT_EQ(works[1].window_fs, 16 * activation_timing(chip, {.rows = 9, .cols = 1, .has_signed_inputs = true}).interval_fs);
}

TEST(EstimateWork, CountsWhatAWindowReadsAndGives) {
  const ChipConfig chip = test_chip();
  const LoweredNetwork lowered = lower(infer_shapes(network_of({3, 6, 6}) + convolution("dense", 20, 3)));
  const LayerWork work = estimate_work(lowered, blocks_of(lowered, chip), chip).front();
  EXPECT_EQ(work.num_input_parts, 2);  // 16 + 11 rows
  EXPECT_EQ(work.num_input_values, 27);
  EXPECT_EQ(work.num_results, 40);
  // A column of two row parts takes an addition, then the scale with the bias.
  EXPECT_EQ(work.operation.num_unit_operations, 20 + 20);
}

TEST(EstimateWork, OfAllOperationsHasThoseWithoutBlocks) {
  const ChipConfig chip = test_chip();
  const LoweredNetwork lowered =
      lower(infer_shapes(network_of({3, 6, 6}) + convolution("dense", 20, 3) + plain("pool", LayerKind::kGlobalAveragePool)));
  const std::vector<LayerWork> works = estimate_all_work(lowered, blocks_of(lowered, chip), chip);
  ASSERT_EQ(works.size(), 4U);
  EXPECT_EQ(works[1], estimate_work(lowered, blocks_of(lowered, chip), chip).front());
  EXPECT_EQ(works[2].name, "pool");
  EXPECT_EQ(works[2].num_blocks, 0);
  EXPECT_EQ(works[2].operation.num_unit_operations, 20 * 16);
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
