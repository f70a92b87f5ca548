#include <gtest/gtest.h>

#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

// One copy on the test chip, 4 input channels, 3 output channels: activation 38 ns (one_window_test.cpp), fetch 2 ns, results 2
// ns over the bus. With one register the next fetch begins when the activation ends; at that moment the results take the bus
// first (they were scheduled first), so a window takes 38 + 2 + 2 ns.
constexpr std::int64_t kActivationNs = 38;
constexpr std::int64_t kWindowNs = kActivationNs + 2 + 2;

TimeFs row_latency_fs(std::int64_t width, std::int64_t num_buffers, std::int64_t batch = 1) {
  ChipConfig chip = test_chip();
  chip.input_register.num_buffers = num_buffers;
  const TestProgram test = single_crossbar_program(chip, {.channels = 4, .height = 1, .width = width}, 3);
  const RunRecord record = run_program(test.program, batch);
  return record.image_end_fs.back();
}

/// IO 2 ns a pixel, NoC 1 + one flit for two pixels of 16 bits; then the first fetch can start.
TimeFs first_fetch_fs(std::int64_t width) { return (2 * width + 1 + up(16 * width, 32)) * kNs; }
/// From the end of an activation to the result outside: bus 2, vector unit 2, memory 2, NoC 2, IO 1.5 ns.
constexpr TimeFs kTailFs = 9'500'000;

TEST(ManyWindows, FollowEachOtherOnASingleRegister) {
  for (std::int64_t width = 1; width <= 9; ++width) {
    EXPECT_EQ(row_latency_fs(width, 1), first_fetch_fs(width) + (2 + kActivationNs + (width - 1) * kWindowNs) * kNs + kTailFs)
        << width << " windows";
  }
}

TEST(ManyWindows, HideTheFetchBehindTheActivationWithTwoRegisters) {
  // The fetch of a window happens during the activation before it, so activations follow each other without a gap.
  for (std::int64_t width = 1; width <= 9; ++width) {
    EXPECT_EQ(row_latency_fs(width, 2), first_fetch_fs(width) + (2 + width * kActivationNs) * kNs + kTailFs)
        << width << " windows";
  }
}

TEST(ManyWindows, OfABatchAddOneActivationAnImage) {
  // The image row of the next image arrives during the activation before it.
  for (std::int64_t batch = 1; batch <= 6; ++batch) {
    EXPECT_EQ(row_latency_fs(1, 2, batch), first_fetch_fs(1) + (2 + batch * kActivationNs) * kNs + kTailFs)
        << batch << " images";
  }
}

TEST(ManyWindows, AreSharedByCopiesWithoutLosingTheRemainder) {
  // m copies: the busiest runs ceil(windows / m) of them; counted, not timed.
  for (std::int64_t copies = 1; copies <= 5; ++copies) {
    const TestProgram test =
        chain_program(test_chip(), {.channels = 4, .height = 3, .width = 4}, {{.output_channels = 3, .num_copies = copies}});
    const RunRecord record = run_program(test.program);
    TimeFs most_fs = 0;
    TimeFs sum_fs = 0;
    for (const ResourceUse& crossbar : record.crossbars) {
      most_fs = std::max(most_fs, crossbar.busy_fs);
      sum_fs += crossbar.busy_fs;
    }
    EXPECT_EQ(most_fs, up(12, copies) * kActivationNs * kNs) << copies << " copies";
    EXPECT_EQ(sum_fs, 12 * kActivationNs * kNs) << copies << " copies";
  }
}

TEST(ManyWindows, OfGroupedColumnsTakeOneActivationAGroup) {
  // Depthwise 1x1 over 4 channels: four activations of one row and one column a window: 1 + 4 (4 + 1 + 1 + 1) + 1 ns each.
  const TestProgram test = chain_program(test_chip(), {.channels = 4}, {{.output_channels = 4, .num_groups = 4}});
  const RunRecord record = run_program(test.program);
  EXPECT_EQ(record.crossbars.at(0).busy_fs, 4 * 30 * kNs);
  EXPECT_EQ(record.operations.at(1).num_activations, 4);
}

}  // namespace
}  // namespace crossloom
