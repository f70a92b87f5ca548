#include <gtest/gtest.h>

#include <string>

#include "simulator/metrics/metrics_fields.h"
#include "simulator/program/verify_program.h"
#include "simulator/simulate.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/engine/random_programs.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

TEST(Invariants, HoldOnRandomProgramsAndChips) {
  RandomStream random(11, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 300; ++trial) {
    const TestProgram test = random_program(random);
    ASSERT_EQ(verify_program(test.program), std::vector<std::string>{}) << "trial " << trial;
    const std::int64_t batch = 1 + trial % 3;
    const RunMetrics metrics = simulate(test.program, {.batch = batch});
    std::int64_t windows = 0;
    std::int64_t activations = 0;
    std::int64_t macs = 0;
    for (const Operation& operation : test.program.operations) {
      windows += operation.output_height * operation.output_width;
      macs += operation.output_height * operation.output_width * operation.num_macs;
      for (const CopyRecord& copy : operation.copies) {
        for (const BlockRecord& block : copy.blocks) activations += copy.num_windows * block.num_activations;
      }
    }
    EXPECT_EQ(metrics.events.windows, batch * windows) << "trial " << trial;
    EXPECT_EQ(metrics.events.activations, batch * activations) << "trial " << trial;
    EXPECT_EQ(metrics.events.macs, batch * macs) << "trial " << trial;
    EXPECT_GE(metrics.latency_ns, metrics.bounds.critical_path_ns) << "trial " << trial;
    EXPECT_GE(metrics.makespan_ns, metrics.bounds.busiest_resource_ns) << "trial " << trial;
    double sum = 0.0;
    visit_fields(metrics.energy_pj, [&](const Field& field, const double& value) {
      EXPECT_GE(value, 0.0);
      if (field.name != "total") sum += value;
    });
    EXPECT_EQ(metrics.energy_pj.total, sum) << "trial " << trial;
    EXPECT_GT(metrics.latency_ns, 0.0);
  }
}

TEST(Invariants, TheSameProgramGivesTheSameMetrics) {
  RandomStream random(12, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 20; ++trial) {
    const TestProgram test = random_program(random);
    EXPECT_EQ(simulate(test.program, {.batch = 2}), simulate(test.program, {.batch = 2}));
  }
}

TEST(Invariants, NoOperationTakesNoTime) {
  RandomStream random(13, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 100; ++trial) {
    for (const LayerMetrics& layer : simulate(random_program(random).program).layers) {
      EXPECT_GT(layer.end_ns, layer.start_ns) << "trial " << trial << " " << layer.name;
    }
  }
}

}  // namespace
}  // namespace crossloom
