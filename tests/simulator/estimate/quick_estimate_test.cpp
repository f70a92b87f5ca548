#include <gtest/gtest.h>

#include "simulator/estimate/network_estimate.h"
#include "simulator/simulate.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/random_programs.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

TEST(QuickEstimate, IsTheOtherOneWhereThereIsOneCopyAndOneWindow) {
  const PlacedProgram program = single_crossbar_program(test_chip(), {.channels = 4, .height = 1, .width = 1}, 3).program;
  const NetworkEstimate quick = quick_estimate(program).figures;
  EXPECT_DOUBLE_EQ(quick.latency_ns, simulate(program).latency_ns);
  EXPECT_DOUBLE_EQ(quick.interval_ns, estimate(program).interval_ns);
}

TEST(QuickEstimate, KnowsHowLongTheBusiestResourceIsTaken) {
  RandomStream random(7, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 100; ++trial) {
    const TestProgram test = random_program(random);
    const double simulated_ns = simulate(test.program).bounds.busiest_resource_ns;
    // Without memories of several ports, of which the estimate knows only the mean.
    if (test.program.chip.tile.buffer.num_ports > 1) continue;
    EXPECT_NEAR(quick_estimate(test.program).figures.busiest_resource_ns, simulated_ns, 1e-9 * simulated_ns)
        << "trial " << trial;
  }
}

}  // namespace
}  // namespace crossloom
