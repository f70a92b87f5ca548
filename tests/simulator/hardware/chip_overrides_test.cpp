#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>

#include "simulator/hardware/chip_fields.h"
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

constexpr const char* kSetDram =
    "dram={bits_per_s: 12.8e9, latency_ns: 50, burst_bits: 256, cost: {energy_pj: 4, active_power_mw: 0, static_power_mw: 20, "
    "area_um2: 0}}";

TEST(ChipOverride, AddsAWholeSectionAndTakesItAway) {
  const ChipConfig chip = with_overrides(round_chip(), {kSetDram});
  EXPECT_EQ(chip.dram, (DramConfig{.bits_per_s = 12'800'000'000,
                                   .latency_ns = 50.0,
                                   .burst_bits = 256,
                                   .cost = {.energy_pj = 4.0, .static_power_mw = 20.0}}));
  EXPECT_EQ(with_override(chip, "dram", "none"), round_chip());
}

TEST(ChipOverride, ReplacesAKeyOfAnAddedSection) {
  const ChipConfig chip = with_overrides(round_chip(), {kSetDram, "dram.cost.energy_pj=5"});
  EXPECT_EQ(chip.dram->cost.energy_pj, 5.0);
}

TEST(OptionalSection, IsWrittenOnlyWhenItIsThere) {
  const auto has_dram = [](const ChipConfig& chip) {
    const Json json = write_fields(chip);
    const auto& members = std::get<Json::Object>(json.value());
    return std::ranges::any_of(members, [](const auto& member) { return member.first == "dram"; });
  };
  EXPECT_FALSE(has_dram(round_chip()));
  EXPECT_TRUE(has_dram(with_overrides(round_chip(), {kSetDram})));
}

TEST(ChipOverrides, NoneLeavesTheChip) { EXPECT_EQ(with_overrides(round_chip(), {}), round_chip()); }

}  // namespace
}  // namespace crossloom
