#include "simulator/hardware/chip_budget.h"

#include <gtest/gtest.h>

#include <string_view>

#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_yaml.h"
#include "tests/simulator/hardware/round_chip.h"

namespace crossloom {
namespace {

constexpr double kTolerance = 0.02;

void expect_near(double value, double expected) { EXPECT_NEAR(value, expected, kTolerance * expected); }

ComponentBudget part(const std::vector<ComponentBudget>& budget, std::string_view component) {
  for (const ComponentBudget& entry : budget) {
    if (entry.component == component) return entry;
  }
  ADD_FAILURE() << "no component " << component;
  return {};
}

// Shafiee et al., ISCA 2016, Table I.
TEST(IsaacBudget, TileHasThePublishedPowerAndArea) {
  const ComponentBudget tile = total(tile_budget(load_chip("isaac-ce")));
  expect_near(tile.active_power_mw, 330.0);
  expect_near(tile.area_um2, 0.372e6);
}

TEST(IsaacBudget, ChipHasThePublishedPowerAndArea) {
  const ComponentBudget chip = total(chip_budget(load_chip("isaac-ce")));
  expect_near(chip.active_power_mw, 65'800.0);
  expect_near(chip.area_um2, 85.4e6);
}

TEST(IsaacBudget, PartsOfTheTwelveImasHaveThePublishedPowers) {
  const auto tile = tile_budget(load_chip("isaac-ce"));
  EXPECT_NEAR(part(tile, "adc").active_power_mw, 12 * 16.0, 1e-9);
  EXPECT_NEAR(part(tile, "dac").active_power_mw, 12 * 4.0, 1e-9);
  EXPECT_NEAR(part(tile, "sample_hold").active_power_mw, 12 * 0.01, 1e-9);
  EXPECT_NEAR(part(tile, "cell").active_power_mw, 12 * 2.4, 1e-9);
  EXPECT_NEAR(part(tile, "shift_add").active_power_mw, 12 * 0.2, 1e-9);
  EXPECT_NEAR(part(tile, "input_register").active_power_mw, 12 * 1.24, 1e-9);
  EXPECT_NEAR(part(tile, "output_register").active_power_mw, 12 * 0.23, 1e-9);
  EXPECT_NEAR(part(tile, "noc").active_power_mw, 42.0 / 4, 1e-9);
}

TEST(IsaacBudget, PartsOfTheTwelveImasHaveThePublishedAreas) {
  const auto tile = tile_budget(load_chip("isaac-ce"));
  EXPECT_NEAR(part(tile, "adc").area_um2, 12 * 9600.0, 1e-6);
  EXPECT_NEAR(part(tile, "dac").area_um2, 12 * 170.0, 1e-6);
  EXPECT_NEAR(part(tile, "sample_hold").area_um2, 12 * 40.0, 1e-6);
  EXPECT_NEAR(part(tile, "cell").area_um2, 12 * 200.0, 1e-6);
  EXPECT_NEAR(part(tile, "shift_add").area_um2, 12 * 240.0, 1e-6);
  EXPECT_NEAR(part(tile, "input_register").area_um2, 12 * 2100.0, 1e-6);
  EXPECT_NEAR(part(tile, "output_register").area_um2, 12 * 770.0, 1e-6);
}

// One whole activation every interval draws the published power of each part of a crossbar: pJ / ns = mW.
TEST(IsaacBudget, EnergiesOfEventsAtFullRateGiveThePublishedPowers) {
  const ChipConfig chip = load_chip("isaac-ce");
  const ActivationShape whole{.rows = 128, .col0 = 0, .cols = 16};
  const ActivationEvents events = activation_events(chip, whole);
  const double interval_ns = fs_to_ns(activation_timing(chip, whole).interval_fs);
  const auto power_mw = [interval_ns](std::int64_t count, double energy_pj) {
    return static_cast<double>(count) * energy_pj / interval_ns;
  };
  EXPECT_NEAR(power_mw(events.cell_reads, chip.cell.read_energy_pj), 2.4 / 8, 1e-9);
  EXPECT_NEAR(power_mw(events.row_drives, chip.dac.cost.energy_pj), 4.0 / 8, 1e-9);
  EXPECT_NEAR(power_mw(events.conversions, chip.adc.cost.energy_pj), 16.0 / 8, 1e-9);
  EXPECT_NEAR(power_mw(events.column_samples, chip.sample_hold.cost.energy_pj), 0.01 / 8, 1e-9);
  EXPECT_NEAR(power_mw(events.shift_adds, chip.shift_add.cost.energy_pj), 0.2 / 8, 1e-9);
  EXPECT_NEAR(power_mw(events.input_register_bytes, chip.input_register.cost.energy_pj), 1.24 / 8, 1e-9);
  EXPECT_NEAR(power_mw(events.output_register_bytes, chip.output_register.cost.energy_pj), 0.23 / 8, 1e-9);
}

TEST(ChipBudget, CountsInstancesOfEveryComponent) {
  ChipConfig chip = round_chip();  // 12 tiles of 4 crossbars of 16x24
  chip.crossbar.slice_placement = SlicePlacement::kArrays;
  chip.crossbar.polarity = Polarity::kDifferentialArrays;
  chip.crossbar.polarity_subtraction = PolaritySubtraction::kAnalog;
  const auto budget = chip_budget(chip);
  const std::int64_t arrays = 12 * 4 * 4;
  EXPECT_EQ(part(budget, "cell").count, arrays * 16 * 24);
  EXPECT_EQ(part(budget, "dac").count, arrays * 16);
  EXPECT_EQ(part(budget, "adc").count, arrays / 2 * 4);
  EXPECT_EQ(part(budget, "sample_hold").count, arrays / 2 * 24);
  EXPECT_EQ(part(budget, "shift_add").count, arrays / 2);
  EXPECT_EQ(part(budget, "input_register").count, arrays);
  EXPECT_EQ(part(budget, "output_register").count, 48);
  EXPECT_EQ(part(budget, "crossbar_periphery").count, arrays);
  EXPECT_EQ(part(budget, "buffer").count, 12);
  EXPECT_EQ(part(budget, "noc").count, 6);
  EXPECT_EQ(part(budget, "io").count, 1);
}

TEST(ChipBudget, IsItsTilesTheIoPortAndTheMemoriesBehindTheMesh) {
  for (const std::string& name : chip_preset_names()) {
    const ChipConfig chip = load_chip(name);
    const ComponentBudget tile = total(tile_budget(chip));
    const auto tiles = static_cast<double>(chip.noc.mesh_rows * chip.noc.mesh_cols * chip.noc.tiles_per_router);
    const ComponentBudget whole = total(chip_budget(chip));
    const ComponentCost buffer = chip.global_buffer ? chip.global_buffer->cost : ComponentCost{};
    const ComponentCost dram = chip.dram ? chip.dram->cost : ComponentCost{};
    const double area_um2 = chip.io.cost.area_um2 + buffer.area_um2 + dram.area_um2;
    EXPECT_NEAR(whole.area_um2, tiles * tile.area_um2 + area_um2, 1e-9 * whole.area_um2) << name;
    const double active_power_mw = chip.io.cost.active_power_mw + buffer.active_power_mw + dram.active_power_mw;
    EXPECT_NEAR(whole.active_power_mw, tiles * tile.active_power_mw + active_power_mw, 1e-9 * whole.active_power_mw) << name;
  }
}

}  // namespace
}  // namespace crossloom
