#include "simulator/metrics/peak_figures.h"

#include <gtest/gtest.h>

#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

// The round chip holds 16 x 12 weights in each of 48 crossbars; a full activation of 8 bits lasts 163 ns (docs/model.md).
constexpr double kOperations = 2.0 * 16 * 12;

TEST(PeakFigures, CountTwoOperationsAMac) { EXPECT_DOUBLE_EQ(peak_figures(round_chip()).tops, kOperations * 48 / 163 / 1e3); }

TEST(PeakFigures, AreZeroWithoutPowerAreaAndEnergy) {
  const PeakFigures peak = peak_figures(round_chip());
  EXPECT_EQ(peak.tops_per_mm2, 0.0);
  EXPECT_EQ(peak.tops_per_w, 0.0);
  EXPECT_EQ(peak.macro_tops_per_w, 0.0);
}

TEST(PeakFigures, DivideByAreaAndAllPowerOfTheChip) {
  ChipConfig chip = round_chip();
  chip.tile.buffer.cost = {.active_power_mw = 3.0, .static_power_mw = 1.0, .area_um2 = 1e6};  // in each of 12 tiles
  const PeakFigures peak = peak_figures(chip);
  EXPECT_DOUBLE_EQ(peak.tops_per_mm2, peak.tops / 12);
  EXPECT_DOUBLE_EQ(peak.tops_per_w, peak.tops / 0.048);
}

// 16 rows x 8 bits drive 128 rows and read 24 columns each; 24 columns x 8 bits are converted, shifted and added.
TEST(PeakFigures, OfAMacroLeaveOutItsRegisters) {
  ChipConfig chip = round_chip();
  chip.cell.read_energy_pj = 1.0;
  chip.dac.cost.energy_pj = 1.0;
  chip.adc.cost.energy_pj = 1.0;
  chip.shift_add.cost.energy_pj = 1.0;
  chip.input_register.cost.energy_pj = 1.0;
  EXPECT_EQ(full_activation_energy_pj(chip).input_register, 16.0);
  EXPECT_EQ(macro_energy_pj(full_activation_energy_pj(chip)), 128.0 + 128 * 24 + 2 * 24 * 8);
  EXPECT_DOUBLE_EQ(peak_figures(chip).macro_tops_per_w, kOperations / (128.0 + 128 * 24 + 2 * 24 * 8));
}

}  // namespace
}  // namespace crossloom
