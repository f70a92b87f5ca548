#include "simulator/hardware/activation_timing.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/hardware/chip_geometry.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

constexpr ActivationShape kWhole{.rows = 16, .col0 = 0, .cols = 12};

// Of round_chip, in femtoseconds.
constexpr TimeFs kLoad = 3'000'000;
constexpr TimeFs kDrive = 12'000'000;
constexpr TimeFs kColumnSelect = 500'000;
constexpr TimeFs kSample = 1'000'000;
constexpr TimeFs kAccumulate = 1'000'000;
constexpr TimeFs kStore = 4'000'000;

TimeFs serial_latency(std::int64_t phases, std::int64_t conversions) {
  return kLoad + phases * (kDrive + kColumnSelect + conversions * kSample + kAccumulate) + kStore;
}

TEST(ActivationTiming, PartsAreThoseOfTheChip) {
  const ActivationTiming timing = activation_timing(round_chip(), kWhole);
  EXPECT_EQ(timing.num_phases, 8);
  EXPECT_EQ(timing.load_fs, kLoad);
  EXPECT_EQ(timing.drive_fs, kDrive);
  EXPECT_EQ(timing.convert_fs, kColumnSelect + 6 * kSample);
  EXPECT_EQ(timing.accumulate_fs, kAccumulate);
  EXPECT_EQ(timing.store_fs, kStore);
}

TEST(ActivationTiming, SerialPhasesAddUp) {
  const ActivationTiming timing = activation_timing(round_chip(), kWhole);
  EXPECT_EQ(timing.latency_fs, serial_latency(8, 6));
  EXPECT_EQ(timing.interval_fs, timing.latency_fs);
}

TEST(ActivationTiming, SerialFollowsTheColumnsOfAnAdcAlsoWhenTheyDoNotDivide) {
  ChipConfig chip = round_chip();
  for (std::int64_t share = 1; share <= 30; ++share) {
    chip.adc.columns_per_adc = share;
    EXPECT_EQ(activation_timing(chip, kWhole).latency_fs, serial_latency(8, std::min<std::int64_t>(share, 24))) << share;
  }
}

TEST(ActivationTiming, PhasesRoundUpWhenDacBitsDoNotDivideTheInput) {
  ChipConfig chip = round_chip();
  const std::int64_t phases_of_dac_bits[] = {8, 4, 3, 2, 2, 2, 2, 1, 1};
  for (chip.dac.bits = 1; chip.dac.bits <= 9; ++chip.dac.bits) {
    const std::int64_t phases = phases_of_dac_bits[chip.dac.bits - 1];
    EXPECT_EQ(activation_timing(chip, kWhole).latency_fs, serial_latency(phases, 6)) << chip.dac.bits;
  }
}

TEST(ActivationTiming, EveryInputBitTakesAPhase) {
  ChipConfig chip = round_chip();
  for (std::int64_t bits = 1; bits <= 16; ++bits) {
    chip.arithmetic.activation_bits = bits;
    EXPECT_EQ(activation_timing(chip, kWhole).latency_fs, serial_latency(bits, 6)) << bits;
  }
}

TEST(ActivationTiming, ARowBeyondTheActiveOnesTakesAnotherGroup) {
  ChipConfig chip = round_chip();
  chip.crossbar.active_rows = 5;
  const auto phases = [&chip](std::int64_t rows) {
    return activation_timing(chip, {.rows = rows, .col0 = 0, .cols = 12}).num_phases;
  };
  EXPECT_EQ(phases(1), 8);
  EXPECT_EQ(phases(5), 8);
  EXPECT_EQ(phases(6), 16);
  EXPECT_EQ(phases(10), 16);
  EXPECT_EQ(phases(11), 24);
  EXPECT_EQ(phases(16), 32);
}

TEST(ActivationTiming, OnlyColumnsOfTheBlockAreConverted) {
  // Weight column k is in the physical columns 2k and 2k + 1; ADC boundaries lie before weight columns 3, 6, 9.
  const auto latency = [](std::int64_t col0, std::int64_t cols) {
    return activation_timing(round_chip(), {.rows = 16, .col0 = col0, .cols = cols}).latency_fs;
  };
  EXPECT_EQ(latency(0, 1), serial_latency(8, 2));
  EXPECT_EQ(latency(0, 2), serial_latency(8, 4));
  EXPECT_EQ(latency(2, 2), serial_latency(8, 2)) << "one weight on each side of an ADC boundary";
  EXPECT_EQ(latency(1, 3), serial_latency(8, 4)) << "two weights before the boundary, one behind";
  EXPECT_EQ(latency(2, 5), serial_latency(8, 6)) << "one whole ADC inside";
}

TEST(ActivationTiming, PipelinedStepIsTheSlowestPart) {
  ChipConfig chip = round_chip();
  chip.crossbar.phase_overlap = PhaseOverlap::kPipelined;
  for (const std::int64_t share : {1, 6, 11, 12, 24}) {  // the drive binds up to 11 conversions, then the conversion
    chip.adc.columns_per_adc = share;
    const TimeFs convert = kColumnSelect + share * kSample;
    const TimeFs step = std::max(kDrive, convert);
    const ActivationTiming timing = activation_timing(chip, kWhole);
    EXPECT_EQ(timing.interval_fs, 8 * step) << share;
    EXPECT_EQ(timing.latency_fs, kLoad + kDrive + convert + kAccumulate + 7 * step + kStore) << share;
  }
}

TEST(ActivationTiming, PipelinedStepCanBeTheShiftAdd) {
  ChipConfig chip = round_chip();
  chip.crossbar.phase_overlap = PhaseOverlap::kPipelined;
  chip.shift_add.cycles_per_phase = 40;
  EXPECT_EQ(activation_timing(chip, kWhole).interval_fs, 8 * 40'000'000);
}

TEST(ActivationTiming, OnePhasePipelinedIsAsLongAsSerial) {
  ChipConfig chip = round_chip();
  chip.arithmetic.activation_bits = 1;
  const TimeFs serial = activation_timing(chip, kWhole).latency_fs;
  chip.crossbar.phase_overlap = PhaseOverlap::kPipelined;
  EXPECT_EQ(activation_timing(chip, kWhole).latency_fs, serial);
}

TEST(ActivationTiming, SignedInputsDoubleThePhasesOnlyInTwoPasses) {
  ChipConfig chip = round_chip();
  const auto phases = [&chip](InputEncoding encoding, bool has_signed_inputs) {
    chip.arithmetic.input_encoding = encoding;
    return num_phases(chip, 16, has_signed_inputs);
  };
  EXPECT_EQ(phases(InputEncoding::kUnsigned, false), 8);
  EXPECT_EQ(phases(InputEncoding::kTwosComplement, false), 8);
  EXPECT_EQ(phases(InputEncoding::kTwosComplement, true), 8);
  EXPECT_EQ(phases(InputEncoding::kSignMagnitudeTwoPass, false), 8);
  EXPECT_EQ(phases(InputEncoding::kSignMagnitudeTwoPass, true), 16);
}

TEST(ActivationTiming, PolarityAndSlicesActThroughTheColumnsOfAWeight) {
  ChipConfig chip = round_chip();
  const ActivationShape two_weights{.rows = 16, .col0 = 0, .cols = 2};
  const auto convert = [&](SlicePlacement slices, Polarity polarity, PolaritySubtraction subtraction) {
    chip.crossbar.slice_placement = slices;
    chip.crossbar.polarity = polarity;
    chip.crossbar.polarity_subtraction = subtraction;
    return (activation_timing(chip, two_weights).convert_fs - kColumnSelect) / kSample;
  };
  using enum Polarity;
  using enum PolaritySubtraction;
  // Two slices of a weight (the symmetric range leaves 3 bits to a differential magnitude), ADCs of 6 columns.
  EXPECT_EQ(convert(SlicePlacement::kColumns, kOffset, kDigital), 4);
  EXPECT_EQ(convert(SlicePlacement::kColumns, kDifferentialColumns, kDigital), 6);
  EXPECT_EQ(convert(SlicePlacement::kColumns, kDifferentialColumns, kAnalog), 4);
  EXPECT_EQ(convert(SlicePlacement::kColumns, kDifferentialArrays, kDigital), 4);
  EXPECT_EQ(convert(SlicePlacement::kArrays, kOffset, kDigital), 2);
  EXPECT_EQ(convert(SlicePlacement::kArrays, kDifferentialColumns, kDigital), 4);
  EXPECT_EQ(convert(SlicePlacement::kArrays, kDifferentialArrays, kAnalog), 2);
}

TEST(ActivationTiming, ConversionsAreRoundedUpOnceAPhase) {
  ChipConfig chip = round_chip();
  chip.adc.samples_per_s = 3'000'000'000;  // a third of a nanosecond each
  chip.crossbar.column_select_ns = 0;
  chip.adc.columns_per_adc = 2;
  EXPECT_EQ(activation_timing(chip, kWhole).convert_fs, 666'667);
  chip.adc.columns_per_adc = 3;
  EXPECT_EQ(activation_timing(chip, kWhole).convert_fs, 1'000'000);
}

}  // namespace
}  // namespace crossloom
