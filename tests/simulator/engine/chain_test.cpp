#include <gtest/gtest.h>

#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

// Two linear layers 4 -> 3 -> 2 on neighbouring crossbars of one tile. Layer 1 as in one_window_test.cpp: its output is in the
// tile memory at 2 + 2 + 2 + 38 + 2 + 2 + 2 = 50 ns and needs no NoC. Layer 2: memory 2, activation 1 + 4 (4 + 3 + 1) + 1 = 34,
// bus 1, vector unit 2, memory 2 = 41 ns; NoC 2, IO 1 ns.
TEST(Chain, OfTwoLayersAddsUpForOneWindow) {
  const TestProgram test = chain_program(test_chip(), {.channels = 4}, {{.output_channels = 3}, {.output_channels = 2}});
  EXPECT_EQ(run_program(test.program).image_end_fs.front(), (50 + 41 + 2 + 1) * kNs);
}

TEST(Chain, LetsTheSecondLayerStartBeforeTheFirstIsDone) {
  // A 1x1 convolution needs one pixel only, so layer 2 runs while layer 1 works on later pixels.
  const TestProgram test =
      chain_program(test_chip(), {.channels = 4, .height = 4, .width = 4}, {{.output_channels = 3}, {.output_channels = 2}});
  const RunRecord record = run_program(test.program);
  EXPECT_LT(record.operations.at(2).start_fs, record.operations.at(1).end_fs);
}

TEST(Chain, MakesAWindowWaitForTheLastPixelOfItsHalo) {
  // Layer 2 is a 3x3 convolution with padding 1 on 4x4 pixels: its first window needs pixel (1, 1), the sixth of layer 1.
  // With two registers layer 1 completes pixel n at n * 38 ns after its first fetch ended, plus 6 ns of bus, unit and memory.
  ChipConfig chip = test_chip();
  chip.input_register.num_buffers = 2;
  const TestProgram test = chain_program(chip, {.channels = 4, .height = 4, .width = 4},
                                         {{.output_channels = 1}, {.output_channels = 2, .kernel = 3, .padding = 1}});
  const RunRecord record = run_program(test.program);
  // One column: activation 1 + 4 (4 + 2 + 1) + 1 = 30 ns, bus 1, unit 2, memory 2. Row 0 of the image is in the tile at
  // 8 + 1 + 2 = 11 ns, the first fetch done at 13 ns; rows 1 to 3 come every 8 ns, before they are needed.
  const TimeFs sixth_pixel_fs = (13 + 6 * 30 + 1 + 2 + 2) * kNs;
  EXPECT_EQ(record.operations.at(2).start_fs, sixth_pixel_fs);
}

TEST(Chain, WaitsForEveryPixelWhenALinearLayerFollows) {
  // 16 pixels of 1 channel into a layer that needs all of them.
  ChipConfig chip = test_chip();
  chip.input_register.num_buffers = 2;
  const TestProgram test = chain_program(chip, {.channels = 4, .height = 4, .width = 4},
                                         {{.output_channels = 1}, {.output_channels = 2, .kernel = 4}});
  const RunRecord record = run_program(test.program);
  EXPECT_EQ(record.operations.at(2).start_fs, (13 + 16 * 30 + 1 + 2 + 2) * kNs);
}

TEST(Chain, SharesACrossbarOneActivationAtATime) {
  // Both layers on crossbar 0: layer 2's block moves below layer 1's. The pixel of layer 2 still waits for layer 1's
  // activation.
  TestProgram test =
      chain_program(test_chip(), {.channels = 4, .height = 1, .width = 8}, {{.output_channels = 3}, {.output_channels = 2}});
  const TimeFs apart_fs = run_program(test.program).image_end_fs.front();
  BlockRecord& block = test.program.operations.at(2).copies.at(0).blocks.at(0);
  block.crossbar = 0;
  block.row0 = 4;
  block.col0 = 3;
  const RunRecord shared = run_program(test.program);
  ASSERT_EQ(shared.crossbars.size(), 1U);
  EXPECT_EQ(shared.crossbars.at(0).busy_fs, 8 * (38 + 34) * kNs);
  EXPECT_GT(shared.stalls.crossbar, 0);
  EXPECT_GT(shared.image_end_fs.front(), apart_fs);
  EXPECT_GE(shared.image_end_fs.front(), shared.crossbars.at(0).busy_fs);
}

TEST(Chain, WaitsAddUpBeyond64Bits) {
  // Pixels of one flit come every 2 ns (16 of 8 bits a nanosecond); a link passes sixteen a second: pixel i waits
  // i (1/16 s - 2 ns).
  constexpr std::int64_t kNumPixels = 1200;
  ChipConfig chip = test_chip();
  chip.noc.clock_hz = 16;
  const TestProgram test = chain_program(chip, {.channels = 4, .height = kNumPixels, .width = 1}, {{.output_channels = 2}});
  const TimeSumFs step = kFsPerSecond / 16 - 2 * kNs;
  const TimeSumFs expected = kNumPixels * (kNumPixels - 1) / 2 * step;
  ASSERT_GT(sum_to_ns(expected), 9.3e12);  // an int64_t of femtoseconds holds 9.2e12 ns
  EXPECT_TRUE(run_program(test.program).stalls.noc == expected);
}

TEST(Chain, SumsPartialSumsOfRowPartsOnAnotherTile) {
  // 80 rows = 5 row parts of 16 crossbar rows: four on tile 0 (the home), the fifth on tile 1. The fifth part's results cross
  // two routers. Input 80 x 4 bits = 320 bits: IO 40 ns; NoC to tile 0: 1 + 10, to tile 1: 2 + 10 = 12 ns.
  const TestProgram test = chain_program(test_chip(), {.channels = 80}, {{.output_channels = 2}});
  const RunRecord record = run_program(test.program);
  // Tile 0: fetch 256 bits 1 + 8 -> 60, activation 34 -> 94, bus 4 x 2 x 16 bits = 4 -> 98 ns.
  // Tile 1: input at 52, fetch 64 bits 1 + 2 -> 55, activation -> 89, bus 1 -> 90, NoC 2 + 1 -> 93 ns.
  // Vector unit: 2 x 5 operations 1 + 1 -> 100, memory 2 -> 102, NoC 2 -> 104, IO 1 -> 105 ns.
  EXPECT_EQ(record.image_end_fs.front(), 105 * kNs);
}

TEST(Chain, CountsPixelsThatNobodyReadsIntoTheLatency) {
  // Layer 2 reads every second pixel of a row of four with stride 2; the fourth is computed all the same, after the third,
  // which is the last one read: 8 + 1 + 2 ns until the row is there, 2 ns fetch, four activations of 38 ns, 6 ns to store the
  // result.
  ChipConfig chip = test_chip();
  chip.input_register.num_buffers = 2;
  chip.arithmetic.activation_bits = 4;
  const TestProgram test = chain_program(chip, {.channels = 4, .height = 1, .width = 4},
                                         {{.output_channels = 3}, {.output_channels = 1, .stride = 2}});
  EXPECT_GE(run_program(test.program).image_end_fs.front(), (8 + 1 + 2 + 2 + 4 * 38 + 6) * kNs);
}

}  // namespace
}  // namespace crossloom
