#include "simulator/engine/line_buffers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "simulator/engine/buffer_sizing.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/engine/random_programs.h"
#include "tests/simulator/program/test_programs.h"
#include "tests/simulator/reference/event_log.h"

namespace crossloom {
namespace {

constexpr std::int64_t kFastNs = 38;  // an activation (one_window_test.cpp)
constexpr std::int64_t kSlowNs = 74;  // the same with twice the phases: 8 instead of 4 of 9 ns

/// A row of pixels through two layers of 1x1 windows, each on its own tile; one of them takes kSlowNs a pixel.
PlacedProgram two_stage_pipe(bool is_first_slow, std::int64_t width) {
  ChipConfig chip = test_chip();
  chip.tile.num_crossbars = 1;
  chip.arithmetic.input_encoding = InputEncoding::kSignMagnitudeTwoPass;
  return chain_program(chip, {.channels = 4, .height = 1, .width = width},
                       {{.output_channels = 3, .has_signed_inputs = is_first_slow},
                        {.output_channels = 3, .has_signed_inputs = !is_first_slow}})
      .program;
}

/// Time a pixel with that many pixels between the stages.
TimeFs pipe_step_fs(bool is_first_slow, std::int64_t num_chunks) {
  const auto end_fs = [&](std::int64_t width) {
    const PlacedProgram program = two_stage_pipe(is_first_slow, width);
    RunPlan plan = plan_run(program);
    bound_line_buffers_uniformly(num_chunks, plan);
    return run_engine(program.chip, plan, 1).image_end_fs.front();
  };
  // Two more pixels also take 2 x 2 ns at the IO port and a flit more before the row is there.
  return (end_fs(14) - end_fs(12) - 5 * kNs) / 2;
}

TEST(LineBuffers, LetATwoStagePipeRunAtTheRateOfItsSlowerStage) {
  // Fetch 2, activation, results 2 ns, one register.
  for (std::int64_t num_chunks = 2; num_chunks <= 5; ++num_chunks) {
    EXPECT_EQ(pipe_step_fs(true, num_chunks), (2 + kSlowNs + 2) * kNs) << num_chunks << " pixels";
    EXPECT_EQ(pipe_step_fs(false, num_chunks), (2 + kSlowNs + 2) * kNs) << num_chunks << " pixels";
  }
}

TEST(LineBuffers, OfOnePixelMakeTheFirstStageWaitForTheFetchOfTheSecond) {
  // From fetch to fetch: fetch 2, activation, results 2, vector unit 2, memory 2, two routers and a flit 3, fetch 2 ns.
  EXPECT_EQ(pipe_step_fs(true, 1), (2 + kSlowNs + 2 + 2 + 2 + 3 + 2) * kNs);
  // A slow second stage hides all of it: 2 + 38 + 13 < 78 ns.
  EXPECT_EQ(pipe_step_fs(false, 1), (2 + kSlowNs + 2) * kNs);
  static_assert(2 + kFastNs + 13 < 2 + kSlowNs + 2);
}

TEST(LineBuffers, OfATwoStagePipeNeverHoldMoreThanTheirPixels) {
  // A pixel has its place from the fetch of its window in the first stage until the second stage has fetched it. The second is
  // slower, so the buffer fills.
  for (const std::int64_t capacity : {1, 2, 3, 5, 8}) {
    const PlacedProgram program = two_stage_pipe(false, 40);
    RunPlan plan = plan_run(program);
    bound_line_buffers_uniformly(capacity, plan);
    EventLogger logger;
    (void)run_engine(program.chip, plan, 1, {}, &logger);
    std::vector<std::pair<TimeFs, std::int64_t>> changes;
    for (const LoggedUse& use : logger.log()) {
      if (use.resource.ends_with(" bus") && use.step == "fetch" && use.operation == 1) changes.emplace_back(use.start_fs, +1);
      if (use.step == "activation" && use.operation == 2) changes.emplace_back(use.start_fs, -1);
    }
    std::sort(changes.begin(), changes.end());  // at one moment, places are given back first
    std::int64_t held = 0;
    std::int64_t most = 0;
    for (const auto& [time_fs, change] : changes) {
      held += change;
      most = std::max(most, held);
    }
    EXPECT_EQ(most, capacity);
    EXPECT_EQ(held, 0);
  }
}

TEST(LineBuffers, ThatNeverFillCostNothing) {
  RandomStream random(31, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 100; ++trial) {
    const TestProgram test = random_program(random);
    RunPlan plan = plan_run(test.program);
    const RunRecord free = run_engine(test.program.chip, plan, 2);
    bound_line_buffers_uniformly(1 << 20, plan);
    EXPECT_EQ(run_engine(test.program.chip, plan, 2), free) << "trial " << trial;
  }
}

TEST(LineBuffers, OfTheSizeChosenNeverDeadlock) {
  RandomStream random(32, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 200; ++trial) {
    TestProgram test = random_program(random);
    RunPlan plan = plan_run(test.program);
    bound_line_buffers(test.program.chip, plan);
    EXPECT_EQ(explain_deadlock(plan), "") << "trial " << trial;
    EXPECT_NO_THROW((void)run_engine(test.program.chip, plan, 3)) << "trial " << trial;
  }
}

TEST(LineBuffers, HoldTheHaloOfAWindowAndNotOnePixelLess) {
  // 3x3 windows over a layer of 1x1 windows 5 pixels wide: two rows and three pixels.
  const TestProgram test = chain_program(test_chip(), {.channels = 1, .height = 5, .width = 5},
                                         {{.output_channels = 2}, {.output_channels = 2, .kernel = 3}});
  const auto stops_with = [&](std::int64_t num_chunks) {
    RunPlan plan = plan_run(test.program);
    bound_line_buffers_uniformly(num_chunks, plan);
    return !explain_deadlock(plan).empty();
  };
  EXPECT_TRUE(stops_with(2 * 5 + 2));
  EXPECT_FALSE(stops_with(2 * 5 + 3));
}

TEST(LineBuffers, KeepTheFirstRowForTheWindowsBelowTheUpperPadding) {
  // 3x3 windows with padding 1 over 5 x 5 pixels: those of the second row of windows begin at pixel 0 as well.
  const ReadPlan read{
      .pixels = {.row_offset = -1, .num_rows = 3, .col_offset = -1, .num_cols = 3}, .producer_height = 5, .producer_width = 5};
  EXPECT_EQ(first_chunk_kept(read, 4, 5, 25), 0);
  EXPECT_EQ(first_chunk_kept(read, 5 + 3, 5, 25), 2);
  EXPECT_EQ(first_chunk_kept(read, 2 * 5, 5, 25), 5);
}

}  // namespace
}  // namespace crossloom
