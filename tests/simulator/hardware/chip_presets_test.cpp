#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/hardware/activation_timing.h"
#include "simulator/hardware/chip_budget.h"
#include "simulator/hardware/chip_fields.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/hardware/chip_yaml.h"

namespace crossloom {
namespace {

TEST(ChipPresets, IncludeThePublishedChips) {
  EXPECT_THAT(chip_preset_names(), ::testing::IsSupersetOf({"isaac-ce", "rnc-mnsim-128", "puma", "nthu-2019-edge", "neurram",
                                                            "edge-64", "edge-64-dram"}));
}

// Loading refuses a section without its source, a value outside its bounds and sections that do not fit together.
class EveryPreset : public ::testing::TestWithParam<std::string> {
 protected:
  const ChipConfig chip_ = load_chip(GetParam());
  const ActivationShape whole_{.rows = chip_.crossbar.rows, .col0 = 0, .cols = num_weight_cols(chip_)};
};

TEST_P(EveryPreset, IsNamedAsItsFile) { EXPECT_EQ(chip_.name, GetParam()); }

TEST_P(EveryPreset, ReadsBackFromJsonUnchanged) {
  const std::string text = write_fields(chip_).dump();
  const Document document = parse_json(text, "chip.json");
  ConfigReader reader(document, "chip.json");
  EXPECT_EQ(read_chip(reader), chip_);
}

TEST_P(EveryPreset, EveryStepOfAnActivationTakesTime) {
  const ActivationTiming timing = activation_timing(chip_, whole_);
  EXPECT_GT(timing.load_fs, 0);
  EXPECT_GT(timing.drive_fs, 0);
  EXPECT_GT(timing.convert_fs, 0);
  EXPECT_GT(timing.accumulate_fs, 0);
  EXPECT_GT(timing.store_fs, 0);
}

TEST_P(EveryPreset, AnActivationLastsAtLeastItsInterval) {
  const ActivationTiming timing = activation_timing(chip_, whole_);
  EXPECT_GE(timing.latency_fs, timing.interval_fs);
  EXPECT_GT(timing.interval_fs, 0);
}

TEST_P(EveryPreset, EveryEventOfAnActivationHappens) {
  const ActivationEvents events = activation_events(chip_, whole_);
  for (const std::int64_t count : {events.row_drives, events.cell_reads, events.column_samples, events.conversions,
                                   events.shift_adds, events.input_register_bytes, events.output_register_bytes}) {
    EXPECT_GT(count, 0);
  }
}

TEST_P(EveryPreset, HasPowerAndArea) {
  const ComponentBudget budget = total(chip_budget(chip_));
  EXPECT_GT(budget.active_power_mw, 0.0);
  EXPECT_GT(budget.area_um2, 0.0);
}

INSTANTIATE_TEST_SUITE_P(Chips, EveryPreset, ::testing::ValuesIn(chip_preset_names()), [](const auto& tested) {
  std::string name = tested.param;
  std::ranges::replace_if(
      name, [](char letter) { return letter == '-' || letter == '.'; }, '_');
  return name;
});

TEST(IsaacPreset, HasThePublishedStructure) {
  const ChipConfig chip = load_chip("isaac-ce");
  EXPECT_EQ(num_tiles(chip), 168);
  EXPECT_EQ(num_crossbars(chip), 168 * 12 * 8);
  EXPECT_EQ(arrays_per_crossbar(chip), 1);
  EXPECT_EQ(num_weight_cols(chip), 16);
  EXPECT_EQ(num_crossbars(chip) * chip.crossbar.rows * num_weight_cols(chip), 33'030'144);  // "33.0 M weights"
}

TEST(IsaacPreset, AnInputBitTakes100Ns) {
  const ActivationTiming timing = activation_timing(load_chip("isaac-ce"), {.rows = 128, .col0 = 0, .cols = 16});
  EXPECT_EQ(timing.drive_fs, 100 * kFsPerNs);
  EXPECT_EQ(timing.convert_fs, 100 * kFsPerNs);  // 128 columns at 1.28 GS/s
  EXPECT_EQ(timing.accumulate_fs, 100 * kFsPerNs);
}

TEST(IsaacPreset, SixteenBitsTake1600NsAndThePipelineFill) {
  const ActivationTiming timing = activation_timing(load_chip("isaac-ce"), {.rows = 128, .col0 = 0, .cols = 16});
  EXPECT_EQ(timing.interval_fs, 1600 * kFsPerNs);
  const TimeFs clock_fs = 833'334;  // 1 / 1.2 GHz, rounded up
  EXPECT_EQ(timing.latency_fs, timing.interval_fs + 200 * kFsPerNs + 2 * clock_fs);
}

TEST(IsaacPreset, NarrowBlockIsBoundByTheReadNotTheConverter) {
  const ActivationTiming timing = activation_timing(load_chip("isaac-ce"), {.rows = 128, .col0 = 0, .cols = 1});
  EXPECT_EQ(timing.convert_fs, 6'250'000);  // 8 columns at 1.28 GS/s
  EXPECT_EQ(timing.interval_fs, 1600 * kFsPerNs);
}

TEST(RncPreset, AWeightTakesSixteenArrays) {
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  EXPECT_EQ(arrays_per_crossbar(chip), 16);
  EXPECT_EQ(num_weight_cols(chip), 128);
  EXPECT_EQ(num_crossbars(chip), 1024);
}

// arXiv 2409.18841: 128 DACs for each array of a pair, 128 ADCs for the pair.
TEST(RncPreset, AnArrayPairSharesItsConverters) {
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  EXPECT_EQ(converting_arrays_per_crossbar(chip), 8);
  EXPECT_EQ(adcs_per_array(chip), 128);
}

TEST(RncPreset, EightInputBitsTakeThePublishedTime) {
  const ActivationTiming timing = activation_timing(load_chip("rnc-mnsim-128"), {.rows = 128, .col0 = 0, .cols = 128});
  constexpr double kPublishedNs = 152.77319048;
  EXPECT_EQ(timing.num_phases, 8);
  EXPECT_NEAR(fs_to_ns(timing.latency_fs), kPublishedNs, 1e-6 * kPublishedNs);
  EXPECT_EQ(timing.interval_fs, timing.latency_fs);
}

TEST(RncPreset, PartsAreThePublishedOnes) {
  const ActivationTiming timing = activation_timing(load_chip("rnc-mnsim-128"), {.rows = 128, .col0 = 0, .cols = 128});
  EXPECT_NEAR(fs_to_ns(8 * timing.drive_fs), 24 + 25.280006 + 4.46928 + 16, 1e-4);
  EXPECT_NEAR(fs_to_ns(8 * timing.convert_fs), 62.5 + 0.523904, 1e-4);
  EXPECT_EQ(8 * timing.accumulate_fs, 16 * kFsPerNs);
  EXPECT_EQ(timing.load_fs, 2 * kFsPerNs);
  EXPECT_EQ(timing.store_fs, 2 * kFsPerNs);
}

TEST(RncPreset, ASmallBlockTakesAsLongAsAWholeCrossbar) {
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  EXPECT_EQ(activation_timing(chip, {.rows = 1, .col0 = 77, .cols = 1}),
            activation_timing(chip, {.rows = 128, .col0 = 0, .cols = 128}));
}

TEST(PumaPreset, HoldsAWeightInEightParallelArrays) {
  const ChipConfig chip = load_chip("puma");
  EXPECT_EQ(arrays_per_crossbar(chip), 8);
  EXPECT_EQ(num_weight_cols(chip), 128);
  // "node ... about 69 MB": 138 tiles of 16 units of 128 x 128 weights of 2 bytes; the mesh has 140.
  EXPECT_EQ(num_crossbars(chip), 140 * 16);
}

TEST(NthuPreset, HoldsAMegabitATile) {
  const ChipConfig chip = load_chip("nthu-2019-edge");
  EXPECT_EQ(chip.tile.num_crossbars * chip.crossbar.rows * chip.crossbar.cols, 1 << 20);
}

TEST(NthuPreset, EightInputBitsTakeFourPasses) {
  ChipConfig chip = load_chip("nthu-2019-edge");
  chip.arithmetic.activation_bits = 8;
  const ActivationTiming timing = activation_timing(chip, {.rows = 9, .col0 = 0, .cols = num_weight_cols(chip)});
  EXPECT_EQ(timing.num_phases, 4);
  EXPECT_EQ(timing.num_phases * (timing.drive_fs + timing.convert_fs), 58'400'000);  // 4 x 14.6 ns
}

TEST(NeurramPreset, HasThePublishedCores) {
  const ChipConfig chip = load_chip("neurram");
  EXPECT_EQ(num_crossbars(chip), 48);
  EXPECT_EQ(chip.crossbar.rows * chip.crossbar.cols, 256 * 256);
  EXPECT_EQ(num_slices(chip), 1);
}

TEST(Edge64Preset, HasSixtyFourCrossbars) { EXPECT_EQ(num_crossbars(load_chip("edge-64")), 64); }

/// So that the two presets cannot drift apart.
TEST(Edge64DramPreset, IsEdge64ButForWhatLiesBehindTheMesh) {
  ChipConfig chip = load_chip("edge-64-dram");
  const ChipConfig edge = load_chip("edge-64");
  ASSERT_TRUE(chip.global_buffer && chip.dram);
  chip.global_buffer.reset();
  chip.dram.reset();
  chip.io = edge.io;
  chip.name = edge.name;
  chip.source = edge.source;
  chip.differs_from_source = edge.differs_from_source;
  EXPECT_EQ(chip, edge);
}

}  // namespace
}  // namespace crossloom
