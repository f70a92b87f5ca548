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
    case SharedResourceKind::kLink:
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

TEST(FlowPlan, DemandsOfAllWindowsAddUpToTheTimeOfEachResource) {
  RandomStream random(24, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 50; ++trial) {
    PlacedProgram program = random_program(random).program;
    if (trial % 2 == 1) program.chip.tile.accumulation = Accumulation::kTree;
    const FlowPlan plan = plan_flows(program);
    std::vector<double> busy_fs(plan.resources.size(), 0.0);
    const auto add = [&](const std::vector<FlowDemand>& demands, std::int64_t num_windows) {
      for (const FlowDemand& demand : demands) busy_fs[demand.resource] += demand.hold_fs * static_cast<double>(num_windows);
    };
    for (std::size_t index = 0; index < plan.flows.size(); ++index) {
      const Flow& flow = plan.flows[index];
      // Of a global pooling the stage holds the last pixel alone.
      const std::int64_t num_pixels = num_accumulated_pixels(program.operations[index]);
      for (std::int64_t number = 0; number < flow.num_copies(); ++number) {
        const FlowCopy& copy = flow.copies[static_cast<std::size_t>(number)];
        const std::int64_t num_windows = flow.num_windows_of(number);
        for (const FlowGroup& group : copy.groups) {
          add(group.compute, num_windows * num_pixels);
          add(group.results, num_windows);
          add(group.addition, num_windows);
        }
        add(copy.unit, num_windows);
        add(copy.write, num_windows);
      }
    }
    for (std::size_t i = 0; i < busy_fs.size(); ++i) {
      EXPECT_NEAR(busy_fs[i], plan.resources[i].busy_fs, 1e-9 * busy_fs[i]) << "trial " << trial;
    }
  }
}

TEST(FlowPlan, SumsGoUpTheTreeToTheHomeTile) {
  RandomStream random(26, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 50; ++trial) {
    PlacedProgram program = random_program(random).program;
    program.chip.tile.accumulation = Accumulation::kTree;
    for (const Flow& flow : plan_flows(program).flows) {
      for (const FlowCopy& copy : flow.copies) {
        std::vector<std::int64_t> num_children(copy.groups.size(), 0);
        for (const FlowGroup& group : copy.groups) {
          if (group.parent != FlowGroup::kHome) ++num_children[static_cast<std::size_t>(group.parent)];
        }
        for (std::size_t i = 0; i < copy.groups.size(); ++i) {
          EXPECT_EQ(copy.groups[i].num_children, num_children[i]) << "trial " << trial;
          EXPECT_TRUE(num_children[i] == 0 || !copy.groups[i].addition.empty()) << "trial " << trial;
        }
      }
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
