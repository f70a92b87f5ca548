#include "simulator/estimate/flow_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "simulator/engine/run_plan.h"
#include "simulator/metrics/run_metrics.h"
#include "simulator/program/accumulation.h"
#include "support/random_stream.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/engine/random_programs.h"

namespace crossloom {
namespace {

/// Time that the engine took a resource, with the numbers of `plan`.
TimeFs simulated_busy_fs(const SharedResource& resource, const RunPlan& plan, const RunRecord& record) {
  if (resource.kind == SharedResourceKind::kCrossbar) {
    const auto at = std::find(plan.crossbars.begin(), plan.crossbars.end(), resource.number);
    return record.crossbars[static_cast<std::size_t>(at - plan.crossbars.begin())].busy_fs;
  }
  const auto at = std::find(plan.tiles.begin(), plan.tiles.end(), resource.number);
  const auto index = static_cast<std::size_t>(at - plan.tiles.begin());
  const TileRecord& tile = record.tiles[index];
  switch (resource.kind) {
    case SharedResourceKind::kCrossbar:
      break;
    case SharedResourceKind::kPort:
      return record.ports[index].busy_fs;
    case SharedResourceKind::kBus:
      return tile.bus.busy_fs;
    case SharedResourceKind::kVectorUnit:
      return tile.vector_unit.busy_fs;
    case SharedResourceKind::kPoolingUnit:
      return tile.pooling_unit.busy_fs;
  }
  return -1;
}

TEST(FlowPlan, KnowsHowLongEachResourceIsTaken) {
  RandomStream random(23, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 100; ++trial) {
    TestProgram test = random_program(random);
    if (trial % 2 == 1) test.program.chip.tile.accumulation = Accumulation::kTree;
    const RunPlan run_plan = plan_run(test.program);
    const RunRecord record = run_engine(test.program.chip, run_plan, 1);
    const FlowPlan plan = plan_flows(test.program);
    for (const SharedResource& resource : plan.resources) {
      const auto simulated_fs = static_cast<double>(simulated_busy_fs(resource, run_plan, record));
      EXPECT_NEAR(resource.busy_fs, simulated_fs, 1e-9 * simulated_fs)
          << "trial " << trial << ", kind " << static_cast<int>(resource.kind) << ", number " << resource.number;
    }
  }
}

TEST(FlowPlan, SpreadsDemandsOverAllWindows) {
  RandomStream random(24, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 50; ++trial) {
    const PlacedProgram program = random_program(random).program;
    const FlowPlan plan = plan_flows(program);
    std::vector<double> busy_fs(plan.resources.size(), 0.0);
    for (std::size_t index = 0; index < plan.flows.size(); ++index) {
      const Flow& flow = plan.flows[index];
      // Of a global pooling the stage holds the last pixel alone.
      const std::int64_t num_earlier = num_accumulated_pixels(program.operations[index]) - 1;
      for (const FlowDemand& demand : flow.compute) {
        busy_fs[demand.resource] += demand.mean_fs * static_cast<double>(num_earlier);
      }
      for (const std::vector<FlowDemand>* stage : {&flow.compute, &flow.results, &flow.unit, &flow.write}) {
        for (const FlowDemand& demand : *stage) {
          busy_fs[demand.resource] += demand.mean_fs * static_cast<double>(flow.num_windows());
        }
      }
    }
    for (std::size_t i = 0; i < busy_fs.size(); ++i) {
      EXPECT_NEAR(busy_fs[i], plan.resources[i].busy_fs, 1e-9 * busy_fs[i]) << "trial " << trial;
    }
  }
}

TEST(FlowPlan, NamesEachConsumerOnce) {
  RandomStream random(25, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 50; ++trial) {
    const TestProgram test = random_program(random);
    const FlowPlan plan = plan_flows(test.program);
    for (std::uint32_t producer = 0; producer < plan.flows.size(); ++producer) {
      for (std::uint32_t consumer = 0; consumer < plan.flows.size(); ++consumer) {
        const std::vector<OperationInput>& inputs = test.program.operations[consumer].inputs;
        const bool reads = std::any_of(inputs.begin(), inputs.end(), [producer](const OperationInput& input) {
          return input.operation == static_cast<std::int64_t>(producer);
        });
        const std::vector<std::uint32_t>& consumers = plan.flows[producer].consumers;
        EXPECT_EQ(std::count(consumers.begin(), consumers.end(), consumer), reads ? 1 : 0) << "trial " << trial;
      }
    }
  }
}

}  // namespace
}  // namespace crossloom
