#include "simulator/engine/buffer_sizing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/simulate.h"
#include "support/error.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// layer0, a 3x3 layer1 with padding, and layer2 that adds what both make: pixel (0, 0) of the sum waits for pixel (1, 1) of
/// layer0, which is 5 + 2 pixels into it.
TestProgram residual_branch() {
  TestProgram test = chain_program(
      test_chip(), {.channels = 2, .height = 5, .width = 5},
      {{.output_channels = 2}, {.output_channels = 2, .kernel = 3, .padding = 1}, {.kind = OperationKind::kVector}});
  Operation& sum = test.program.operations.at(3);
  sum.inputs.push_back({.operation = 1});
  sum.num_input_values *= 2;
  // Away from the convolution, so that the two buffers for layer0 are two.
  sum.copies.front().home_tile = 3;
  return test;
}

std::string message_of(const TestProgram& test, const SimulationOptions& options) {
  try {
    (void)simulate(test.program, options);
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

TEST(BufferSizingErrors, AResidualBranchThatDeadlocksIsExplainedWithItsCure) {
  const TestProgram test = residual_branch();
  RunPlan plan = plan_run(test.program);
  bound_line_buffers_uniformly(20, plan);
  ASSERT_EQ(explain_deadlock(plan), "");
  for (InboxPlan& inbox : plan.inboxes) {
    if (inbox.producer == 1 && inbox.endpoint == 3) inbox.capacity_chunks = 4;
  }
  std::string message;
  try {
    (void)run_engine(test.program.chip, plan, 1);
  } catch (const UserError& error) {
    message = error.what();
  }
  EXPECT_THAT(message, testing::StartsWith("simulation: deadlock: "));
  EXPECT_THAT(message, testing::HasSubstr("'layer2' waits for pixels of 'layer1'"));
  EXPECT_THAT(message, testing::HasSubstr("'layer1' waits for pixels of 'layer0'"));
  EXPECT_THAT(message,
              testing::HasSubstr("'layer0' waits for room among 4 pixels of 'layer0' on tile 3, still needed by 'layer2'"));
  EXPECT_THAT(message, testing::HasSubstr("it is enough to hold 7 pixels of 'layer0' on tile 3"));
}

TEST(BufferSizingErrors, ATileTooSmallNamesWhatIsEnough) {
  // The bytes named are enough, and one less is not.
  TestProgram test = residual_branch();
  test.program.chip.tile.buffer.capacity_bytes = 1;
  const std::string message = message_of(test, {.tile_buffers = TileBuffers::kBounded});
  ASSERT_THAT(message, testing::StartsWith("simulation: tile.buffer.capacity_bytes: 1, but the line buffers of tile "));
  std::int64_t enough = 1;
  while (message_of(test, {.tile_buffers = TileBuffers::kBounded}) != "no error") {
    test.program.chip.tile.buffer.capacity_bytes = ++enough;
    ASSERT_LT(enough, 1000);
  }
  test.program.chip.tile.buffer.capacity_bytes = enough - 1;
  EXPECT_THAT(message_of(test, {.tile_buffers = TileBuffers::kBounded}),
              testing::HasSubstr("need " + std::to_string(enough) + " for the program not to stop"));
}

TEST(BufferSizingErrors, ATileTooSmallSaysWhoWouldWaitForWhom) {
  // Without the 7 pixels of layer0 on tile 3 the sum would wait for the convolution, and that for them to leave.
  TestProgram test = residual_branch();
  test.program.chip.tile.buffer.capacity_bytes = 1;
  const std::string message = message_of(test, {.tile_buffers = TileBuffers::kBounded});
  EXPECT_THAT(message, testing::HasSubstr("; with fewer pixels of 'layer0' on tile 3: "));
  EXPECT_THAT(message, testing::HasSubstr("'layer2' waits for pixels of 'layer1'"));
  EXPECT_THAT(message,
              testing::HasSubstr("'layer0' waits for room among pixels of 'layer0' on tile 3, still needed by 'layer2'"));
  EXPECT_THAT(message, testing::HasSubstr(", the most of "));
}

}  // namespace
}  // namespace crossloom
