#include <gtest/gtest.h>

#include "simulator/engine/buffer_sizing.h"
#include "simulator/simulate.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

/// Global pooling of an image of 4 channels, 16 bits a pixel.
TestProgram pooled_image(std::int64_t size) {
  return chain_program(test_chip(), {.channels = 4, .height = size, .width = size},
                       {{.kind = OperationKind::kPooling, .kernel = size}});
}

TEST(GlobalPooling, AddsOnePixelAfterAnother) {
  for (const std::int64_t size : {2, 3, 5}) {
    // A row of 16 bits a pixel at 8 bits a ns through the port and, in flits of 32 bits, one router.
    const std::int64_t first_row_ns = 2 * size + 1 + up(16 * size, 32);
    // Fetch 2 and one turn of the unit for each pixel: slower than the 2 ns in which it came in.
    const std::int64_t added_ns = first_row_ns + (2 + 1) * size * size;
    // Latency of the unit 1, memory 2, router and flit 2, out 2 ns.
    EXPECT_EQ(run_program(pooled_image(size).program).image_end_fs.front(), (added_ns + 1 + 2 + 2 + 2) * kNs) << size;
  }
}

TEST(GlobalPooling, HasOnlyTheLastPixelToAddWhenPixelsComeSlowly) {
  const auto end_fs = [](std::int64_t size) {
    return run_program(chain_program(test_chip(), {.channels = 4, .height = size, .width = size},
                                     {{.output_channels = 3}, {.kind = OperationKind::kPooling, .kernel = size}})
                           .program)
        .image_end_fs.front();
  };
  // What is added to a layer of one window by 8 more windows: fetch 2, activation 38 (one_window_test.cpp), results 2 ns each;
  // the first row of pixels takes 3 x 2 instead of 2 ns at the IO port and 2 instead of 1 flits.
  EXPECT_EQ(end_fs(3) - end_fs(1), (8 * (2 + 38 + 2) + 4 + 1) * kNs);
}

TEST(GlobalPooling, OperationsOfTheUnitAreThoseOfTheProgram) {
  const TestProgram test = pooled_image(5);
  EXPECT_EQ(run_program(test.program, 3).events.pooling_operations, 3 * test.program.operations.at(1).num_unit_operations);
}

TEST(GlobalPooling, KeepsItsUnitBusyForEveryPixel) {
  const RunMetrics metrics = simulate(pooled_image(5).program, {.batch = 2});
  for (const ResourceMetrics& resource : metrics.resources) {
    if (resource.kind != "pooling unit") continue;
    EXPECT_EQ(metrics.layers.at(1).unit_busy_ns, resource.time_ns.busy);
  }
}

TEST(GlobalPooling, KeepsOnePixelOfTheFeatureMap) {
  const TestProgram test = chain_program(test_chip(), {.channels = 4, .height = 6, .width = 6},
                                         {{.output_channels = 4}, {.kind = OperationKind::kPooling, .kernel = 6}});
  RunPlan plan = plan_run(test.program);
  bound_line_buffers_uniformly(1, plan);
  EXPECT_EQ(explain_deadlock(plan), "");
  EXPECT_NO_THROW((void)run_engine(test.program.chip, plan, 2));
}

}  // namespace
}  // namespace crossloom
