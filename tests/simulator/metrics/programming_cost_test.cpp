#include "simulator/metrics/programming_cost.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "simulator/hardware/chip_yaml.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/random_programs.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

TEST(ProgrammingCost, OfASinglePulseIsARowTimeForEachRow) {
  ChipConfig chip = test_chip();
  chip.cell.write_pulses = 1;
  // 5 rows x 3 columns, a cell a weight: 5 pulses of 100 ns one after another, 15 cells at 1 pJ.
  const ProgrammingMetrics cost = programming_cost(single_crossbar_program(chip, {.channels = 5}, 3).program);
  EXPECT_EQ(cost, (ProgrammingMetrics{.time_ns = 500.0,
                                      .num_rows = 5,
                                      .num_cells = 15,
                                      .num_weight_bits = 15 * 4,
                                      .energy_pj = {.total = 15.0, .cell = 15.0}}));
}

TEST(ProgrammingCost, OfSeveralPulsesHasAReadAfterEach) {
  // 10 pulses; after each: row select, DAC, read and column select of 1 ns each, then 3 conversions at 1 GS/s on one ADC.
  const ProgrammingMetrics cost = programming_cost(single_crossbar_program(test_chip(), {.channels = 5}, 3).program);
  EXPECT_DOUBLE_EQ(cost.time_ns, 5 * 10 * (100.0 + 4.0 + 3.0));
  EXPECT_EQ(cost.energy_pj.cell, 15 * 10 * (1.0 + 1.0));
  EXPECT_EQ(cost.energy_pj.dac, 5 * 10);
  EXPECT_EQ(cost.energy_pj.sample_hold, 15 * 10);
  EXPECT_EQ(cost.energy_pj.adc, 15 * 10);
  EXPECT_EQ(cost.energy_pj.total, 15 * 20 + 50 + 150 + 150);
}

TEST(ProgrammingCost, ArraysAreWrittenSideBySide) {
  // 40 rows in crossbars of 16: two full ones and one of 8 rows.
  ChipConfig chip = test_chip();
  chip.cell.write_pulses = 1;
  const ProgrammingMetrics cost = programming_cost(single_crossbar_program(chip, {.channels = 40}, 3).program);
  EXPECT_EQ(cost.time_ns, 16 * 100.0);
  EXPECT_EQ(cost.num_rows, 40);
}

TEST(ProgrammingCost, EveryArrayOfAWeightIsWritten) {
  // 4 slices of one bit, in parallel arrays, each with G+ and G-: 3 magnitude bits x 2 arrays of one cell a weight.
  ChipConfig chip = test_chip();
  chip.cell.bits_per_cell = 1;
  chip.cell.write_pulses = 1;
  chip.crossbar.slice_placement = SlicePlacement::kArrays;
  chip.crossbar.polarity = Polarity::kDifferentialArrays;
  const ProgrammingMetrics cost = programming_cost(single_crossbar_program(chip, {.channels = 5}, 3).program);
  EXPECT_EQ(cost.time_ns, 500.0);
  EXPECT_EQ(cost.num_rows, 5 * 6);
  EXPECT_EQ(cost.num_cells, 15 * 6);
}

TEST(ProgrammingCost, OfWeightsFromADramIsAStreamThroughAllThatLiesBetween) {
  // 5 x 3 weights of 4 bits: 60 bits, 64 in bursts of 16. They take 32 ns out of the DRAM, 7.5 ns through the IO port, 4 clocks
  // as 8 words in and out of the two ports of the buffer, 2 clocks over the mesh.
  ChipConfig chip = test_chip();
  chip.dram = DramConfig{.bits_per_s = 2'000'000'000, .latency_ns = 30.0, .burst_bits = 16, .cost = {.energy_pj = 4.0}};
  chip.global_buffer =
      BufferConfig{.capacity_bytes = 1024, .num_ports = 2, .port_bits = 16, .access_cycles = 5, .cost = {.energy_pj = 3.0}};
  const TestProgram test = single_crossbar_program(chip, {.channels = 5}, 3);
  const ProgrammingMetrics without = programming_cost(single_crossbar_program(test_chip(), {.channels = 5}, 3).program);
  const ProgrammingMetrics cost = programming_cost(test.program);
  EXPECT_EQ(without.load_time_ns, 0.0);
  EXPECT_EQ(cost.num_weight_bits, 60);
  EXPECT_EQ(cost.load_time_ns, 30.0 + 2 * 5.0 + 32.0);
  EXPECT_EQ(cost.time_ns, without.time_ns);
  EXPECT_EQ(cost.energy_pj.dram, 64 * 4.0);
  EXPECT_EQ(cost.energy_pj.io, 60 * 1.0);
  EXPECT_EQ(cost.energy_pj.global_buffer, 2 * 4 * 3.0);
  EXPECT_EQ(cost.energy_pj.noc, 2 * 1.0);  // one router to tile 0
  EXPECT_DOUBLE_EQ(cost.energy_pj.total, without.energy_pj.total + 256.0 + 60.0 + 24.0 + 2.0);
}

TEST(ProgrammingCost, OfWeightsIsBoundByTheSlowestPartOnTheirWay) {
  ChipConfig chip = test_chip();
  chip.dram = DramConfig{.bits_per_s = 1'000'000'000'000, .latency_ns = 0.0, .burst_bits = 1, .cost = {}};
  const auto load_time_ns = [&chip] {
    return programming_cost(single_crossbar_program(chip, {.channels = 5}, 3).program).load_time_ns;
  };
  EXPECT_EQ(load_time_ns(), 7.5);  // 60 bits at 8 bits a ns
  chip.noc.flit_bits = 2;
  EXPECT_EQ(load_time_ns(), 30.0);
  chip.global_buffer = BufferConfig{.capacity_bytes = 1024, .port_bits = 1, .access_cycles = 1, .cost = {}};
  EXPECT_EQ(load_time_ns(), 2 * 1.0 + 2 * 60.0);
}

TEST(ProgrammingCost, OfAWholeArrayOfPumaIsThePublishedOne) {
  // Ankit et al., ASPLOS 2019: 21.1 us and 21.1 nJ for 128 x 128 cells.
  ChipConfig chip = load_chip("puma");
  chip.arithmetic = {.weight_bits = 2,
                     .weight_range = WeightRange::kTwosComplement,
                     .activation_bits = 8,
                     .accumulator_bits = 16,
                     .input_encoding = InputEncoding::kTwosComplement};
  const ProgrammingMetrics cost = programming_cost(single_crossbar_program(chip, {.channels = 128}, 128).program);
  ASSERT_EQ(cost.num_cells, 128 * 128);
  EXPECT_NEAR(cost.time_ns, 21'100.0, 1e-6);
  EXPECT_NEAR(cost.energy_pj.total, 21'100.0, 1e-6);
}

/// Row by row and column by column, for chips with one cell a weight.
double time_by_brute_force_ns(const PlacedProgram& program) {
  const ChipConfig& chip = program.chip;
  std::map<std::int64_t, std::map<std::int64_t, std::set<std::int64_t>>> columns;  // by crossbar and row
  for (const Operation& operation : program.operations) {
    for (const CopyRecord& copy : operation.copies) {
      for (const BlockRecord& block : copy.blocks) {
        for (std::int64_t row = block.row0; row < block.row0 + block.rows; ++row) {
          for (std::int64_t col = block.col0; col < block.col0 + block.cols; ++col) columns[block.crossbar][row].insert(col);
        }
      }
    }
  }
  double longest_ns = 0.0;
  for (const auto& [crossbar, rows] : columns) {
    double time_ns = 0.0;
    for (const auto& [row, cols] : rows) {
      std::map<std::int64_t, std::int64_t> conversions;
      std::int64_t most = 0;
      for (const std::int64_t col : cols) most = std::max(most, ++conversions[col / chip.adc.columns_per_adc]);
      const double verify_ns = chip.crossbar.row_select_ns + chip.dac.settle_ns + chip.crossbar.read_ns +
                               chip.crossbar.column_select_ns +
                               1e9 * static_cast<double>(most) / static_cast<double>(chip.adc.samples_per_s);
      time_ns += static_cast<double>(chip.cell.write_pulses) * (chip.cell.write_pulse_ns + verify_ns);
    }
    longest_ns = std::max(longest_ns, time_ns);
  }
  return longest_ns;
}

TEST(ProgrammingCost, IsThatOfWritingCellByCellWhenBlocksShareCrossbars) {
  RandomStream random(51, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 100; ++trial) {
    const PlacedProgram program = random_program(random).program;
    const double expected_ns = time_by_brute_force_ns(program);
    // Sample periods are rounded up to femtoseconds.
    EXPECT_NEAR(programming_cost(program).time_ns, expected_ns, 1e-6 * expected_ns) << "trial " << trial;
  }
}

}  // namespace
}  // namespace crossloom
