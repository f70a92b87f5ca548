#include "simulator/metrics/count_run.h"

#include <gtest/gtest.h>

#include "simulator/metrics/metrics_fields.h"
#include "simulator/simulate.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/random_programs.h"

namespace crossloom {
namespace {

TEST(CountRun, GivesTheCountsOfASimulation) {
  RandomStream random(21, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 200; ++trial) {
    TestProgram test = random_program(random);
    if (trial % 2 == 1) add_random_parts(test.program.chip, random);
    const EventCounts simulated = simulate(test.program).events;
    const EventCounts counted = count_run(test.program).events;
    EXPECT_EQ(write_fields(counted).dump(), write_fields(simulated).dump()) << "trial " << trial;
  }
}

}  // namespace
}  // namespace crossloom
