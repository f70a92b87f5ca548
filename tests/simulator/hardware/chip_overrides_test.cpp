#include <gtest/gtest.h>

#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

TEST(ChipOverride, ReplacesOneValueOnly) {
  ChipConfig expected = round_chip();
  expected.adc.columns_per_adc = 8;
  EXPECT_EQ(with_override(round_chip(), "adc.columns_per_adc", "8"), expected);
}

TEST(ChipOverride, ReachesNestedSections) {
  EXPECT_EQ(with_override(round_chip(), "tile.buffer.cost.energy_pj", "1.5e-3").tile.buffer.cost.energy_pj, 1.5e-3);
}

TEST(ChipOverride, ReadsNumbersAsYamlDoes) {
  EXPECT_EQ(with_override(round_chip(), "adc.samples_per_s", "1.28e9").adc.samples_per_s, 1'280'000'000);
  EXPECT_EQ(with_override(round_chip(), "adc.samples_per_s", "1_000_000").adc.samples_per_s, 1'000'000);
}

TEST(ChipOverride, ReadsChoices) {
  EXPECT_EQ(with_override(round_chip(), "crossbar.polarity", "differential_arrays").crossbar.polarity,
            Polarity::kDifferentialArrays);
}

TEST(ChipOverride, MayRename) { EXPECT_EQ(with_override(round_chip(), "name", "mine").name, "mine"); }

TEST(ChipOverrides, AreValidatedOnlyTogether) {
  const ChipConfig chip = with_overrides(round_chip(), {"crossbar.active_rows=32", "crossbar.rows=64"});
  EXPECT_EQ(chip.crossbar.active_rows, 32);
  EXPECT_EQ(chip.crossbar.rows, 64);
}

TEST(ChipOverrides, TheLaterOfTwoCounts) { EXPECT_EQ(with_overrides(round_chip(), {"adc.bits=6", "adc.bits=7"}).adc.bits, 7); }

TEST(ChipOverrides, NoneLeavesTheChip) { EXPECT_EQ(with_overrides(round_chip(), {}), round_chip()); }

}  // namespace
}  // namespace crossloom
