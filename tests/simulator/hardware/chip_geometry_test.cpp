#include "simulator/hardware/chip_geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

TEST(ChipGeometry, OffsetWeightTakesOneCellASlice) {
  const ChipConfig chip = round_chip();
  EXPECT_EQ(num_slices(chip), 2);
  EXPECT_EQ(columns_per_weight(chip), 2);
  EXPECT_EQ(num_weight_cols(chip), 12);
  EXPECT_EQ(arrays_per_crossbar(chip), 1);
}

TEST(ChipGeometry, SlicesRoundUpWhenBitsDoNotDivide) {
  ChipConfig chip = round_chip();
  chip.arithmetic.weight_bits = 5;
  EXPECT_EQ(num_slices(chip), 3);
  EXPECT_EQ(num_weight_cols(chip), 8);
}

TEST(ChipGeometry, DifferentialMagnitudeOfASymmetricRangeNeedsOneBitLess) {
  ChipConfig chip = round_chip();
  chip.arithmetic.weight_bits = 5;
  chip.crossbar.polarity = Polarity::kDifferentialColumns;
  EXPECT_EQ(num_slices(chip), 2);
  chip.arithmetic.weight_range = WeightRange::kTwosComplement;  // -16 has the magnitude 10000b
  EXPECT_EQ(num_slices(chip), 3);
}

TEST(ChipGeometry, OneBitDifferentialWeightStillTakesASlice) {
  ChipConfig chip = round_chip();
  chip.arithmetic.weight_bits = 1;
  chip.crossbar.polarity = Polarity::kDifferentialArrays;
  EXPECT_EQ(num_slices(chip), 1);
}

TEST(ChipGeometry, DifferentialColumnsDoubleTheColumnsOfAWeight) {
  ChipConfig chip = round_chip();
  chip.crossbar.polarity = Polarity::kDifferentialColumns;
  EXPECT_EQ(columns_per_weight(chip), 4);
  EXPECT_EQ(num_weight_cols(chip), 6);
  EXPECT_EQ(arrays_per_crossbar(chip), 1);
}

TEST(ChipGeometry, SlicesAndPolarityInArraysMultiply) {
  ChipConfig chip = round_chip();
  chip.crossbar.slice_placement = SlicePlacement::kArrays;
  chip.crossbar.polarity = Polarity::kDifferentialArrays;
  EXPECT_EQ(columns_per_weight(chip), 1);
  EXPECT_EQ(num_weight_cols(chip), 24);
  EXPECT_EQ(arrays_per_crossbar(chip), 4);
}

TEST(ChipGeometry, AnalogSubtractionHalvesWhatIsConverted) {
  ChipConfig chip = round_chip();
  chip.crossbar.polarity_subtraction = PolaritySubtraction::kAnalog;
  chip.crossbar.polarity = Polarity::kDifferentialArrays;
  EXPECT_EQ(converting_arrays_per_crossbar(chip), 1);
  EXPECT_EQ(converted_columns_per_array(chip), 24);
  chip.crossbar.polarity = Polarity::kDifferentialColumns;
  EXPECT_EQ(converting_arrays_per_crossbar(chip), 1);
  EXPECT_EQ(converted_columns_per_weight(chip), 2);
  EXPECT_EQ(converted_columns_per_array(chip), 12);
  EXPECT_EQ(adcs_per_array(chip), 2);
}

TEST(ChipGeometry, LastAdcServesTheRest) {
  ChipConfig chip = round_chip();
  EXPECT_EQ(adcs_per_array(chip), 4);
  chip.adc.columns_per_adc = 7;  // 7 + 7 + 7 + 3
  EXPECT_EQ(adcs_per_array(chip), 4);
  chip.adc.columns_per_adc = 100;
  EXPECT_EQ(adcs_per_array(chip), 1);
}

TEST(ChipGeometry, CrossbarsAreNumberedTileByTileAndRouterByRouter) {
  const ChipConfig chip = round_chip();
  EXPECT_EQ(num_tiles(chip), 12);
  EXPECT_EQ(num_crossbars(chip), 48);
  EXPECT_EQ(tile_of_crossbar(chip, 3), 0);
  EXPECT_EQ(tile_of_crossbar(chip, 4), 1);
  EXPECT_EQ(tile_of_crossbar(chip, 47), 11);
  EXPECT_EQ(router_of_tile(chip, 1), 0);
  EXPECT_EQ(router_of_tile(chip, 2), 1);
  EXPECT_EQ(router_of_tile(chip, 11), 5);
}

/// Counts used converted columns ADC by ADC, one column at a time.
std::int64_t counted_conversions(const ChipConfig& chip, std::int64_t col0, std::int64_t cols) {
  std::map<std::int64_t, std::int64_t> conversions_of_adc;
  const std::int64_t width = converted_columns_per_weight(chip);
  for (std::int64_t column = col0 * width; column < (col0 + cols) * width; ++column) {
    ++conversions_of_adc[column / chip.adc.columns_per_adc];
  }
  return std::ranges::max_element(conversions_of_adc, {}, [](const auto& entry) { return entry.second; })->second;
}

void expect_counted_conversions_everywhere(ChipConfig chip) {
  for (chip.adc.columns_per_adc = 1; chip.adc.columns_per_adc <= chip.crossbar.cols + 1; ++chip.adc.columns_per_adc) {
    for (std::int64_t col0 = 0; col0 < num_weight_cols(chip); ++col0) {
      for (std::int64_t cols = 1; col0 + cols <= num_weight_cols(chip); ++cols) {
        ASSERT_EQ(conversions_per_adc(chip, col0, cols), counted_conversions(chip, col0, cols))
            << "columns_per_adc " << chip.adc.columns_per_adc << " col0 " << col0 << " cols " << cols;
      }
    }
  }
}

TEST(ConversionsPerAdc, EqualCountedOnesForEveryBlockAndShareOfAnAdc) {
  ChipConfig chip = round_chip();
  for (const auto placement : {SlicePlacement::kColumns, SlicePlacement::kArrays}) {
    chip.crossbar.slice_placement = placement;
    for (const auto polarity : {Polarity::kOffset, Polarity::kDifferentialColumns, Polarity::kDifferentialArrays}) {
      chip.crossbar.polarity = polarity;
      chip.crossbar.polarity_subtraction = PolaritySubtraction::kDigital;
      expect_counted_conversions_everywhere(chip);
      if (polarity == Polarity::kOffset) continue;
      chip.crossbar.polarity_subtraction = PolaritySubtraction::kAnalog;
      expect_counted_conversions_everywhere(chip);
    }
  }
}

}  // namespace
}  // namespace crossloom
