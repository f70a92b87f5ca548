#include <gtest/gtest.h>

#include "simulator/hardware/activation_timing.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

/// Walks arrays, input phases, row groups, rows and columns one by one, as the hardware does.
ActivationEvents counted_events(const ChipConfig& chip, const ActivationShape& shape, std::int64_t arrays, std::int64_t columns,
                                std::int64_t input_phases) {
  ActivationEvents events;
  for (std::int64_t array = 0; array < arrays; ++array) {
    for (std::int64_t phase = 0; phase < input_phases; ++phase) {
      for (std::int64_t row0 = 0; row0 < shape.rows; row0 += chip.crossbar.active_rows) {
        for (std::int64_t row = row0; row < shape.rows && row < row0 + chip.crossbar.active_rows; ++row) {
          events.row_drives += 1;
          events.cell_reads += columns;
        }
        events.column_samples += columns;
        events.conversions += columns;
        events.shift_adds += columns;
      }
    }
    events.input_register_bytes += (shape.rows * chip.arithmetic.activation_bits + 7) / 8;
  }
  events.output_register_bytes = (shape.cols * chip.arithmetic.accumulator_bits + 7) / 8;
  return events;
}

TEST(ActivationEvents, EqualCountedOnesForEveryBlockSizeAndRowGroup) {
  ChipConfig chip = round_chip();
  for (const std::int64_t active_rows : {1, 5, 16}) {
    chip.crossbar.active_rows = active_rows;
    for (std::int64_t rows = 1; rows <= 16; ++rows) {
      for (std::int64_t cols = 1; cols <= 12; ++cols) {
        const ActivationShape shape{.rows = rows, .col0 = 0, .cols = cols};
        ASSERT_EQ(activation_events(chip, shape), counted_events(chip, shape, 1, 2 * cols, 8)) << rows << 'x' << cols;
      }
    }
  }
}

TEST(ActivationEvents, ParallelArraysAllWork) {
  ChipConfig chip = round_chip();
  chip.crossbar.slice_placement = SlicePlacement::kArrays;
  chip.crossbar.polarity = Polarity::kDifferentialArrays;
  const ActivationShape shape{.rows = 9, .col0 = 3, .cols = 7};
  EXPECT_EQ(activation_events(chip, shape), counted_events(chip, shape, 4, 7, 8));
}

TEST(ActivationEvents, DigitalSubtractionConvertsBothColumnsOfAPair) {
  ChipConfig chip = round_chip();
  chip.crossbar.polarity = Polarity::kDifferentialColumns;
  const ActivationShape shape{.rows = 9, .col0 = 0, .cols = 5};
  EXPECT_EQ(activation_events(chip, shape), counted_events(chip, shape, 1, 20, 8));
}

TEST(ActivationEvents, AnalogSubtractionConvertsAPairOnceButReadsAllItsCells) {
  ChipConfig chip = round_chip();
  const ActivationShape shape{.rows = 9, .col0 = 0, .cols = 5};
  for (const auto polarity : {Polarity::kDifferentialColumns, Polarity::kDifferentialArrays}) {
    chip.crossbar.polarity = polarity;
    chip.crossbar.polarity_subtraction = PolaritySubtraction::kDigital;
    const ActivationEvents digital = activation_events(chip, shape);
    chip.crossbar.polarity_subtraction = PolaritySubtraction::kAnalog;
    const ActivationEvents analog = activation_events(chip, shape);
    EXPECT_EQ(analog.cell_reads, digital.cell_reads);
    EXPECT_EQ(analog.row_drives, digital.row_drives);
    EXPECT_EQ(2 * analog.column_samples, digital.column_samples);
    EXPECT_EQ(2 * analog.conversions, digital.conversions);
    EXPECT_EQ(2 * analog.shift_adds, digital.shift_adds);
  }
}

TEST(ActivationEvents, TwoPassesDriveTwiceButLoadOnce) {
  ChipConfig chip = round_chip();
  chip.arithmetic.input_encoding = InputEncoding::kSignMagnitudeTwoPass;
  const ActivationShape shape{.rows = 9, .col0 = 0, .cols = 5, .has_signed_inputs = true};
  EXPECT_EQ(activation_events(chip, shape), counted_events(chip, shape, 1, 10, 16));
}

TEST(ActivationEvents, RegisterBytesRoundUp) {
  ChipConfig chip = round_chip();
  chip.arithmetic.activation_bits = 3;
  chip.arithmetic.accumulator_bits = 11;
  const ActivationEvents events = activation_events(chip, {.rows = 3, .col0 = 0, .cols = 1});
  EXPECT_EQ(events.input_register_bytes, 2);   // 9 bits
  EXPECT_EQ(events.output_register_bytes, 2);  // 11 bits
}

}  // namespace
}  // namespace crossloom
