#include "simulator/device/weight_mapping.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/random_stream.h"

namespace crossloom {
namespace {

RealMatrix random_weights(std::int64_t outputs, std::int64_t inputs) {
  RandomStream random(1, {});
  RealMatrix weights(outputs, inputs);
  for (double& value : weights.values) value = 2.0 * random.next_uniform() - 1.0;
  return weights;
}

ArrayConfig array_of(WeightPolarity polarity, std::int64_t num_slices, std::int64_t num_levels) {
  ArrayConfig array;
  array.cell = {.g_min_siemens = 1e-5, .g_max_siemens = 1e-4, .num_levels = num_levels};
  array.weights.polarity = polarity;
  array.weights.num_slices = num_slices;
  return array;
}

/// The weight that the cells at (input, output) stand for.
double weight_of(const MappedWeights& mapped, std::int64_t input, std::int64_t output) {
  double weight = -mapped.offset_per_input;
  for (const ConductanceSlice& slice : mapped.slices) {
    const double negative = slice.negative.values.empty() ? 0.0 : slice.negative.at(input, output);
    weight += slice.significance * (slice.positive.at(input, output) - negative);
  }
  return weight;
}

TEST(WeightMapping, CellsStandForTheirWeightToHalfAStepForEveryPolarity) {
  const RealMatrix weights = random_weights(5, 7);
  struct Case {
    ArrayConfig array;
    double step;
  };
  for (const Case& c : {Case{array_of(WeightPolarity::kDifferentialOneSided, 1, 128), 1.0 / 127},
                        Case{array_of(WeightPolarity::kDifferentialTwoSided, 1, 128), 2.0 / 127},
                        Case{array_of(WeightPolarity::kOffset, 1, 256), 2.0 / 254},
                        Case{array_of(WeightPolarity::kDifferentialOneSided, 4, 4), 1.0 / 127},
                        Case{array_of(WeightPolarity::kOffset, 4, 4), 1.0 / 127}}) {
    const MappedWeights mapped = map_weights(weights, c.array);
    for (std::int64_t output = 0; output < weights.rows; ++output) {
      for (std::int64_t input = 0; input < weights.cols; ++input) {
        EXPECT_NEAR(weight_of(mapped, input, output), weights.at(output, input), c.step / 2 * (1 + 1e-9));
      }
    }
  }
}

TEST(WeightMapping, CellsWithoutLevelsHoldTheWeightItself) {
  const RealMatrix weights = random_weights(4, 4);
  for (const WeightPolarity polarity :
       {WeightPolarity::kDifferentialOneSided, WeightPolarity::kDifferentialTwoSided, WeightPolarity::kOffset}) {
    const MappedWeights mapped = map_weights(weights, array_of(polarity, 1, 0));
    for (std::int64_t i = 0; i < 4; ++i) EXPECT_NEAR(weight_of(mapped, i, 2), weights.at(2, i), 1e-14);
  }
}

TEST(WeightMapping, OneSidedKeepsTheOtherCellAtTheLowestConductance) {
  RealMatrix weights(1, 2);
  weights.values = {0.5, -1.0};
  const MappedWeights mapped = map_weights(weights, array_of(WeightPolarity::kDifferentialOneSided, 1, 0));
  EXPECT_EQ(mapped.slices[0].negative.at(0, 0), 1e-5 / 1e-4);
  EXPECT_EQ(mapped.slices[0].positive.at(1, 0), 1e-5 / 1e-4);
  EXPECT_DOUBLE_EQ(mapped.slices[0].negative.at(1, 0), 1.0);
}

TEST(WeightMapping, ReferenceGainOfAnOffsetMappingIsTheSpanOfItsWeights) {
  RealMatrix weights(1, 1, 1.0);
  ArrayConfig array = array_of(WeightPolarity::kOffset, 1, 256);
  EXPECT_NEAR(weight_of(map_weights(weights, array), 0, 0), 1.0, 1e-14);
  array.weights.offset_gain = OffsetGain::kReference;
  EXPECT_NEAR(weight_of(map_weights(weights, array), 0, 0), 254.0 / 255.0, 1e-14);
}

TEST(WeightMapping, ReportsClippedWeightsAndTheRangeInUse) {
  RealMatrix weights(1, 4);
  weights.values = {0.5, -2.0, 0.25, 0.0};
  const MappedWeights mapped = map_weights(weights, array_of(WeightPolarity::kDifferentialOneSided, 1, 0));
  EXPECT_EQ(mapped.range_use.clipped_fraction, 0.25);
  EXPECT_EQ(mapped.range_use.used_fraction, 2.0);
  EXPECT_DOUBLE_EQ(mapped.range_use.g_high_siemens, 1e-4);
  EXPECT_DOUBLE_EQ(mapped.range_use.g_low_siemens, 1e-5);
}

TEST(WeightMapping, SlicesHoldTheDigitsOfTheMagnitude) {
  RealMatrix weights(1, 1, -114.0 / 127.0);  // 114 = 1 * 64 + 3 * 16 + 0 * 4 + 2
  const MappedWeights mapped = map_weights(weights, array_of(WeightPolarity::kDifferentialOneSided, 4, 4));
  const std::vector<double> digits = {2, 0, 3, 1};
  for (std::size_t slice = 0; slice < digits.size(); ++slice) {
    EXPECT_NEAR(mapped.slices[slice].negative.values[0], 0.1 + 0.9 * digits[slice] / 3, 1e-15);
    EXPECT_EQ(mapped.slices[slice].positive.values[0], 0.1);
  }
}

TEST(WeightMapping, BitsOfASliceRoundUpWhenTheyDoNotDivide) {
  EXPECT_EQ(bits_per_slice({.num_slices = 4, .weight_bits = 8}), 2);
  EXPECT_EQ(bits_per_slice({.num_slices = 3, .weight_bits = 8}), 3);
  EXPECT_EQ(bits_per_slice({.polarity = WeightPolarity::kOffset, .num_slices = 3, .weight_bits = 7}), 3);
}

}  // namespace
}  // namespace crossloom
