#include "simulator/hardware/off_chip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "simulator/engine/buffer_sizing.h"
#include "simulator/engine/critical_path.h"
#include "simulator/hardware/chip_budget.h"
#include "simulator/simulate.h"
#include "support/error.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// On the test chip the one window of this layer waits for the last of the rows, each of 4 pixels of 4 bits: 2 ns at the IO
/// port. Its only output pixel has 3 channels of 4 bits: 1.5 ns.
constexpr std::int64_t kRows = 4;
constexpr std::int64_t kRowBits = 16;
constexpr std::int64_t kPixelBits = 12;
constexpr TimeFs kRowFs = 2 * kNs;
constexpr TimeFs kPixelFs = kNs * 3 / 2;

PlacedProgram whole_image_program(const ChipConfig& chip) {
  return chain_program(chip, {.channels = 1, .height = kRows, .width = 4}, {{.output_channels = 3, .kernel = 4}}).program;
}

TimeFs latency_fs(const ChipConfig& chip) { return run_program(whole_image_program(chip)).image_end_fs.front(); }

/// What the parts off the chip add to the latency, over a chip without them.
TimeFs added_fs(const ChipConfig& chip) { return latency_fs(chip) - latency_fs(test_chip()); }

BufferConfig buffer_of_rows(std::int64_t num_rows) {
  return {.capacity_bytes = num_rows * kRowBits / 8,
          .num_ports = 2,
          .port_bits = 8,
          .num_banks = 1,
          .bank_cycles = 1,
          .access_cycles = 5,
          .cost = {.energy_pj = 3.0, .active_power_mw = 0.0, .static_power_mw = 2.0, .area_um2 = 700.0}};
}
constexpr TimeFs kAccessFs = 5 * kNs;
constexpr TimeFs kRowPortFs = 2 * kNs;    // 16 bits through a port of 8 bits a ns
constexpr TimeFs kPixelPortFs = 2 * kNs;  // 12 bits

DramConfig dram_of(std::int64_t bits_per_s, double latency_ns, std::int64_t burst_bits) {
  return {.bits_per_s = bits_per_s,
          .latency_ns = latency_ns,
          .burst_bits = burst_bits,
          .cost = {.energy_pj = 4.0, .active_power_mw = 0.0, .static_power_mw = 10.0, .area_um2 = 500.0}};
}

TEST(Dram, RowsFollowEachOtherAtTheRateOfTheSlowerAndTheFirstAfterTheLatency) {
  for (const std::int64_t bits_per_ns : {1, 2, 4, 8, 16}) {
    for (const std::int64_t burst_bits : {1, 16, 24, 64}) {
      for (const std::int64_t half_ns : {0, 21}) {
        ChipConfig chip = test_chip();
        chip.dram = dram_of(bits_per_ns * 1'000'000'000, static_cast<double>(half_ns) / 2.0, burst_bits);
        const TimeFs row_fs = std::max(kRowFs, up(kRowBits, burst_bits) * burst_bits * kNs / bits_per_ns);
        const TimeFs pixel_fs = std::max(kPixelFs, up(kPixelBits, burst_bits) * burst_bits * kNs / bits_per_ns);
        EXPECT_EQ(added_fs(chip), half_ns * kNs / 2 + kRows * (row_fs - kRowFs) + pixel_fs - kPixelFs)
            << bits_per_ns << " bits a ns, bursts of " << burst_bits << ", latency " << half_ns << " / 2 ns";
      }
    }
  }
}

TEST(Dram, ARateThatIsJustEnoughCostsNothingAndABitASecondLessDoes) {
  ChipConfig chip = test_chip();
  chip.dram = dram_of(chip.io.bits_per_s, 0.0, 1);
  EXPECT_EQ(added_fs(chip), 0);
  --chip.dram->bits_per_s;
  // 16 bits at 7 999 999 999 bits a second take one femtosecond more, as do 12.
  EXPECT_EQ(added_fs(chip), kRows + 1);
}

TEST(Dram, ReadsAndWritesShareItsChannel) {
  // Every pixel of 4 channels is a window whose output goes back: with bursts of 64 bits all 16 rows and pixels take 16 ns
  // each.
  ChipConfig chip = test_chip();
  chip.dram = dram_of(4'000'000'000, 0.0, 64);
  const RunRecord record = run_program(single_crossbar_program(chip, {.channels = 4, .height = 8}, 3).program);
  EXPECT_EQ(record.dram.busy_fs, (8 + 8) * 16 * kNs);
  EXPECT_EQ(record.events.dram_bits, (8 + 8) * 64);
  EXPECT_GT(record.stalls.dram, 0);
  EXPECT_EQ(record.stalls.io, 0);
}

TEST(GlobalBuffer, StoresAndLoadsEachRowAndPixel) {
  ChipConfig chip = test_chip();
  chip.global_buffer = buffer_of_rows(16);
  EXPECT_EQ(added_fs(chip), 2 * (kAccessFs + kRowPortFs) + 2 * (kAccessFs + kPixelPortFs));
  chip.dram = dram_of(2'000'000'000, 30.0, 8);
  EXPECT_EQ(added_fs(chip), 2 * (kAccessFs + kRowPortFs) + 2 * (kAccessFs + kPixelPortFs) + 30 * kNs + kRows * (8 - 2) * kNs +
                                8 * kNs - kPixelFs);
}

TEST(GlobalBuffer, WithRoomForOneRowTakesOneAfterAnother) {
  ChipConfig chip = test_chip();
  chip.global_buffer = buffer_of_rows(1);
  chip.dram = dram_of(2'000'000'000, 30.0, 8);
  const TimeFs row_fs = 30 * kNs + 8 * kNs + 2 * (kAccessFs + kRowPortFs);
  const TimeFs pixel_fs = 2 * (kAccessFs + kPixelPortFs) + 8 * kNs;
  EXPECT_EQ(added_fs(chip), kRows * (row_fs - kRowFs) + pixel_fs - kPixelFs);
  // A byte less than a second row is no room for it.
  const TimeFs one_row_fs = latency_fs(chip);
  chip.global_buffer->capacity_bytes = 3;
  EXPECT_EQ(latency_fs(chip), one_row_fs);
  chip.global_buffer->capacity_bytes = 4;
  EXPECT_LT(latency_fs(chip), one_row_fs);
}

TEST(GlobalBuffer, OnePortStoresAndLoadsAllRowsOneAfterAnother) {
  // A row takes a port of 1 bit for 16 ns, and the port stores all rows, which are there within 8 ns, before it loads the
  // first.
  ChipConfig chip = test_chip();
  chip.global_buffer = buffer_of_rows(16);
  chip.global_buffer->num_ports = 1;
  chip.global_buffer->port_bits = 1;
  const TimeFs rows_fs = kRowFs + 2 * kRows * 16 * kNs + kAccessFs;
  EXPECT_EQ(added_fs(chip), rows_fs - kRows * kRowFs + 2 * (kAccessFs + 12 * kNs));
}

TEST(GlobalBuffer, BanksThatAreSlowerThanThePortHoldItUp) {
  ChipConfig chip = test_chip();
  chip.global_buffer = buffer_of_rows(16);
  chip.global_buffer->num_ports = 8;
  chip.global_buffer->bank_cycles = 3;  // two words one after another in the one bank: 6 ns
  EXPECT_EQ(added_fs(chip), 4 * (kAccessFs + 6 * kNs));
  chip.global_buffer->num_banks = 2;  // one each: 3 ns
  EXPECT_EQ(added_fs(chip), 4 * (kAccessFs + 3 * kNs));
}

TEST(GlobalBuffer, WithoutRoomForARowIsRefusedWithTheBytesThatAreEnough) {
  ChipConfig chip = test_chip();
  chip.global_buffer = buffer_of_rows(16);
  chip.global_buffer->capacity_bytes = 1;
  EXPECT_THAT([&] { (void)latency_fs(chip); }, ::testing::ThrowsMessage<DoesNotFitError>(
                                                   "simulation: global_buffer.capacity_bytes: 1, allowed for this network: "
                                                   "at least 2, a row of its image"));
}

TEST(GlobalBuffer, TakesInRowsThatTheTilesHaveNoRoomFor) {
  // Windows of one pixel row each take longer than a row to come in. With room for a row at the tile alone the input waits for
  // it; with the global buffer the IO port does not.
  ChipConfig chip = test_chip();
  const auto last_bit_in_fs = [&chip] {
    const PlacedProgram program = single_crossbar_program(chip, {.channels = 4, .height = 8}, 3).program;
    RunPlan plan = plan_run(program);
    bound_line_buffers_uniformly(1, plan);
    return run_engine(chip, plan, 1).last_bit_in_fs;
  };
  EXPECT_GT(last_bit_in_fs(), 8 * kRowFs);
  chip.global_buffer = buffer_of_rows(8);
  EXPECT_EQ(last_bit_in_fs(), 8 * kRowFs);
}

TEST(OffChip, IsOnTheCriticalPath) {
  ChipConfig chip = test_chip();
  chip.global_buffer = buffer_of_rows(16);
  chip.dram = dram_of(2'000'000'000, 30.0, 8);
  const PlacedProgram program = whole_image_program(chip);
  EXPECT_EQ(critical_path_fs(chip, plan_run(program)), latency_fs(chip));
}

TEST(OffChip, EnergyIsThatOfAccessesBitsAndStaticPower) {
  ChipConfig chip = test_chip();
  const double area_um2 = total(chip_budget(chip)).area_um2;
  const double static_mw = total(chip_budget(chip)).static_power_mw;
  chip.global_buffer = buffer_of_rows(16);
  chip.dram = dram_of(2'000'000'000, 30.0, 64);
  const RunMetrics metrics = simulate(whole_image_program(chip), {.batch = 3});
  // In and out of the buffer; 16 bits in words of 8, 12 likewise.
  EXPECT_EQ(metrics.events.global_buffer_accesses, 3 * 2 * (kRows * 2 + 2));
  EXPECT_EQ(metrics.events.dram_bits, 3 * (kRows * 64 + 64));
  EXPECT_EQ(metrics.events.io_bits, 3 * (kRows * kRowBits + kPixelBits));
  EXPECT_EQ(metrics.energy_pj.global_buffer, 3.0 * 60);
  EXPECT_EQ(metrics.energy_pj.dram, 4.0 * 3 * 5 * 64);
  EXPECT_EQ(metrics.area_um2.global_buffer, 700.0);
  EXPECT_EQ(metrics.area_um2.dram, 500.0);
  EXPECT_DOUBLE_EQ(metrics.area_um2.total, area_um2 + 1200.0);
  EXPECT_DOUBLE_EQ(metrics.energy_pj.static_power, (static_mw + 12.0) * metrics.makespan_ns);
}

TEST(OffChip, AChannelThatBindsIsTheBottleneck) {
  ChipConfig chip = test_chip();
  chip.dram = dram_of(100'000'000, 0.0, 16);
  const RunMetrics metrics = simulate(whole_image_program(chip), {.batch = 8});
  // Rows and pixels of 160 ns each, 5 an image.
  EXPECT_EQ(metrics.bottleneck, "DRAM");
  EXPECT_DOUBLE_EQ(metrics.bounds.busiest_resource_ns, 8 * 5 * 160.0);
  EXPECT_EQ(metrics.resources.back().kind, "DRAM");
  EXPECT_DOUBLE_EQ(metrics.resources.back().throughput_limit_inferences_per_s, 1e9 / 800.0);
}

}  // namespace
}  // namespace crossloom
