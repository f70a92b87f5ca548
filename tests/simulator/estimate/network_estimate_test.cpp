#include "simulator/estimate/network_estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

// One window of 4 input and 3 output channels on the test chip: IO 2, NoC 1 + 1, memory 1 + 1, activation 38, bus 2, vector
// unit 1 + 1, memory 1 + 1, NoC 1 + 1, IO 1.5 ns (one_window_test.cpp has the formulas).
constexpr double kOneWindowNs = 53.5;
constexpr double kActivationNs = 38.0;

NetworkEstimate row_estimate(std::int64_t width, std::int64_t num_buffers) {
  ChipConfig chip = test_chip();
  chip.input_register.num_buffers = num_buffers;
  return estimate(single_crossbar_program(chip, {.channels = 4, .height = 1, .width = width}, 3).program);
}

/// The image row of `width` pixels of 16 bits: IO 2 ns a pixel, NoC 1 ns and a flit for two pixels.
double image_ns(std::int64_t width) { return static_cast<double>(2 * width + 1 + up(16 * width, 32)); }

TEST(NetworkEstimate, IsExactForOneWindow) { EXPECT_DOUBLE_EQ(row_estimate(1, 1).latency_ns, kOneWindowNs); }

TEST(NetworkEstimate, AddsAWindowCycleForEachFurtherWindow) {
  // One register: a fetch of 2 ns, the activation and 2 ns of results on the bus before the next fetch; two registers: the
  // activation alone.
  for (std::int64_t width = 1; width <= 9; ++width) {
    const auto more = static_cast<double>(width - 1);
    const double alone_ns = image_ns(width) + 2 + kActivationNs + 9.5;
    EXPECT_DOUBLE_EQ(row_estimate(width, 1).latency_ns, alone_ns + more * (kActivationNs + 4)) << width << " windows";
    EXPECT_DOUBLE_EQ(row_estimate(width, 2).latency_ns, alone_ns + more * kActivationNs) << width << " windows";
  }
}

TEST(NetworkEstimate, GivesTheTermsOfEachOperation) {
  const std::vector<LayerEstimate> layers = row_estimate(5, 2).layers;
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(layers[1].name, "layer0");
  EXPECT_EQ(layers[1].kind, "crossbar");
  EXPECT_EQ(layers[1].num_windows, 5);
  EXPECT_EQ(layers[1].num_copies, 1);
  EXPECT_DOUBLE_EQ(layers[1].window_ns, 2 + kActivationNs + 2 + 2 + 2);
  EXPECT_DOUBLE_EQ(layers[1].cycle_ns, kActivationNs);
  EXPECT_DOUBLE_EQ(layers[1].service_ns, 5 * kActivationNs);
  EXPECT_DOUBLE_EQ(layers[1].start_ns, image_ns(5));
  EXPECT_DOUBLE_EQ(layers[1].end_ns, image_ns(5) + 5 * kActivationNs + 8);
}

TEST(NetworkEstimate, DividesWindowsAmongCopiesRoundedUp) {
  for (std::int64_t copies = 1; copies <= 6; ++copies) {
    const TestProgram test =
        chain_program(test_chip(), {.channels = 4, .height = 3, .width = 4}, {{.output_channels = 3, .num_copies = copies}});
    const LayerEstimate layer = estimate(test.program).layers[1];
    EXPECT_DOUBLE_EQ(layer.service_ns, static_cast<double>(up(12, copies)) * layer.cycle_ns) << copies << " copies";
  }
}

TEST(NetworkEstimate, TakesTheIntervalFromTheBusiestResource) {
  // Windows of one crossbar with two registers: an activation each.
  const NetworkEstimate crossbar = row_estimate(7, 2);
  EXPECT_DOUBLE_EQ(crossbar.interval_ns, 7 * kActivationNs);
  EXPECT_EQ(crossbar.busiest_resource, "crossbar 0");
  // An IO port of 1 bit a ns: 7 pixels of 4 channels of 4 bits.
  ChipConfig chip = test_chip();
  chip.io.bits_per_s = 1'000'000'000;
  chip.input_register.num_buffers = 2;
  const NetworkEstimate io = estimate(single_crossbar_program(chip, {.channels = 4, .height = 7, .width = 3}, 3).program);
  EXPECT_DOUBLE_EQ(io.interval_ns, 21 * kActivationNs);
  chip.io.bits_per_s = 100'000'000;
  const NetworkEstimate slow_io = estimate(single_crossbar_program(chip, {.channels = 4, .height = 7, .width = 3}, 3).program);
  EXPECT_DOUBLE_EQ(slow_io.interval_ns, 21 * 16 * 10.0);
  EXPECT_EQ(slow_io.busiest_resource, "IO port (input)");
}

TEST(NetworkEstimate, TakesTheIntervalFromTheMemoriesBehindTheMesh) {
  // 7 rows of 3 pixels of 16 bits and 21 output pixels of 12 bits, in bursts of 16 bits of 160 ns.
  ChipConfig chip = test_chip();
  chip.dram = DramConfig{.bits_per_s = 100'000'000, .latency_ns = 30.0, .burst_bits = 16, .cost = {}};
  const auto estimate_of = [](const ChipConfig& of) {
    return estimate(single_crossbar_program(of, {.channels = 4, .height = 7, .width = 3}, 3).program);
  };
  EXPECT_EQ(estimate_of(chip).busiest_resource, "DRAM");
  EXPECT_DOUBLE_EQ(estimate_of(chip).busiest_resource_ns, (7 * 3 + 21) * 160.0);
  // Words of a bit: a row is 48 clocks into the global buffer and as many out of it, a pixel 12; two ports share that.
  chip = test_chip();
  chip.global_buffer = BufferConfig{.capacity_bytes = 1024, .num_ports = 2, .port_bits = 1, .access_cycles = 5, .cost = {}};
  chip.global_buffer->bank_cycles = 100;
  EXPECT_EQ(estimate_of(chip).busiest_resource, "global buffer port");
  EXPECT_DOUBLE_EQ(estimate_of(chip).busiest_resource_ns, (7 * 48 + 21 * 12) * 100.0);
}

TEST(NetworkEstimate, OfOneWindowHasEveryStepOffTheChip) {
  ChipConfig chip = test_chip();
  const auto latency_ns = [&chip] { return estimate(single_crossbar_program(chip, {.channels = 4}, 3).program).latency_ns; };
  const double without_ns = latency_ns();
  chip.dram = DramConfig{.bits_per_s = 2'000'000'000, .latency_ns = 30.0, .burst_bits = 16, .cost = {}};
  chip.global_buffer = BufferConfig{.capacity_bytes = 1024, .port_bits = 16, .access_cycles = 5, .cost = {}};
  // Row and pixel take a burst of 8 ns in place of 2 and 1.5 ns at the IO port, and one clock in and out of the buffer.
  EXPECT_DOUBLE_EQ(latency_ns() - without_ns, 30.0 + 6.0 + 6.5 + 2 * 2 * (5 + 1));
}

TEST(NetworkEstimate, StartsALayerWhenTheHaloOfItsFirstWindowIsThere) {
  // A 1x1 layer, then a 3x3 one without padding: its first window needs the first three rows.
  const TestProgram test = chain_program(test_chip(), {.channels = 4, .height = 5, .width = 5},
                                         {{.output_channels = 4}, {.output_channels = 2, .kernel = 3}});
  const std::vector<LayerEstimate> layers = estimate(test.program).layers;
  const double thirteenth_ns = layers[1].start_ns + 12 * layers[1].cycle_ns + layers[1].window_ns;
  EXPECT_GE(layers[2].start_ns, thirteenth_ns);
  EXPECT_LE(layers[2].start_ns, thirteenth_ns + layers[1].cycle_ns);
}

TEST(NetworkEstimate, LetsBlocksOfACopyOnOneCrossbarRunOneAfterAnother) {
  // 20 output channels are two blocks, of 16 and 4 columns; in one crossbar the second waits for the first.
  TestProgram test = chain_program(test_chip(), {.channels = 4}, {{.output_channels = 20}});
  const double apart_ns = estimate(test.program).latency_ns;
  std::vector<BlockRecord>& blocks = test.program.operations[1].copies[0].blocks;
  ASSERT_EQ(blocks.size(), 2U);
  blocks[1].crossbar = blocks[0].crossbar;
  blocks[1].row0 = 4;
  // An activation takes 1 + 4 phases of drive 4, column select 1, a conversion a column and shift-add 1, + 1 ns.
  const double first_ns = 1 + 4 * (4 + 1 + 16 + 1) + 1;
  const double second_ns = 1 + 4 * (4 + 1 + 4 + 1) + 1;
  EXPECT_DOUBLE_EQ(estimate(test.program).latency_ns, apart_ns + second_ns);
  EXPECT_DOUBLE_EQ(estimate(test.program).busiest_resource_ns, first_ns + second_ns);
}

TEST(NetworkEstimate, IsTheSameEachTime) {
  const TestProgram test = chain_program(test_chip(), {.channels = 4, .height = 6, .width = 6},
                                         {{.output_channels = 20, .kernel = 3, .num_copies = 2}, {.output_channels = 3}});
  EXPECT_EQ(estimate(test.program), estimate(test.program));
}

}  // namespace
}  // namespace crossloom
