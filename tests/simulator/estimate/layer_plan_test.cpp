#include "simulator/estimate/layer_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/estimate/network_estimate.h"
#include "simulator/hardware/chip_geometry.h"
#include "support/error.h"
#include "tests/simulator/engine/engine_test_support.h"
#include "tests/simulator/program/test_programs.h"

namespace crossloom {
namespace {

// As in network_estimate_test.cpp: 4 input and 3 output channels on the test chip.
constexpr double kOneWindowNs = 53.5;
constexpr TimeFs kActivationFs = 38 * kNs;

LayerWork work_of(const Operation& operation) {
  return {.name = operation.name, .num_windows = operation.num_windows(), .operation = operation};
}

/// The works of image, a layer of one block and output, taken from a placed chain without its places.
std::vector<LayerWork> chain_works(std::int64_t width) {
  const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4, .height = 1, .width = width}, 3);
  std::vector<LayerWork> works;
  for (const Operation& operation : test.program.operations) works.push_back(work_of(operation));
  works[1].window_fs = kActivationFs;
  works[1].latency_fs = kActivationFs;
  works[1].num_weights = 12;
  works[1].num_blocks = 1;
  works[1].num_input_values = 4;
  works[1].num_input_parts = 1;
  works[1].num_results = 3;
  return works;
}

TEST(LayerPlan, IsExactForOneWindowAtTheIoPort) {
  EXPECT_DOUBLE_EQ(estimate(chain_works(1), {1}, test_chip(), 1).latency_ns, kOneWindowNs);
}

TEST(LayerPlan, IsThePlacedEstimateWhenNothingIsShared) {
  for (std::int64_t width = 1; width <= 9; ++width) {
    const TestProgram test = single_crossbar_program(test_chip(), {.channels = 4, .height = 1, .width = width}, 3);
    EXPECT_DOUBLE_EQ(estimate(chain_works(width), {1}, test_chip(), 1).latency_ns, estimate(test.program).latency_ns);
  }
}

TEST(LayerPlan, CopiesDivideTheServiceTimeOfALayer) {
  for (std::int64_t copies = 1; copies <= 5; ++copies) {
    const LayerEstimate layer = estimate(chain_works(12), {copies}, test_chip(), 16).layers[1];
    EXPECT_EQ(layer.num_copies, copies);
    EXPECT_DOUBLE_EQ(layer.service_ns, static_cast<double>(up(12, copies)) * layer.cycle_ns);
  }
}

std::vector<std::int64_t> endpoints(const FlowCopy& copy) {
  std::vector<std::int64_t> result;
  for (const FlowGroup& group : copy.groups) result.push_back(group.endpoint);
  return result;
}

TEST(LayerPlan, SpreadsCopiesOverTheBudget) {
  // Four copies of equal size over 16 crossbars of the test chip: a tile of 4 each.
  const FlowPlan plan = plan_flows(chain_works(12), {4}, test_chip(), 16);
  for (std::size_t copy = 0; copy < 4; ++copy) {
    EXPECT_EQ(plan.flows[1].copies[copy].home_endpoint, static_cast<std::int64_t>(copy));
    EXPECT_THAT(endpoints(plan.flows[1].copies[copy]), testing::ElementsAre(static_cast<std::int64_t>(copy)));
  }
}

TEST(LayerPlan, SpreadsBlocksOfACopyOverItsStretch) {
  std::vector<LayerWork> works = chain_works(1);
  works[1].num_blocks = 12;
  works[1].num_results = 36;
  const FlowPlan plan = plan_flows(works, {1}, test_chip(), 12);
  EXPECT_THAT(endpoints(plan.flows[1].copies[0]), testing::ElementsAre(0, 1, 2));
  // 12 partial sums of 16 bits from each of the two tiles that are not home, in flits of 32 bits.
  std::vector<std::int64_t> flits;
  for (const FlowGroup& group : plan.flows[1].copies[0].groups) flits.push_back(group.sums_flits);
  EXPECT_THAT(flits, testing::ElementsAre(0, 6, 6));  // the first tile is home
}

TEST(LayerPlan, DigitalOperationsFollowTheProducerWithMostCopies) {
  std::vector<LayerWork> works = chain_works(4);
  const auto digital = [&](OperationKind kind, std::vector<OperationInput> inputs, std::int64_t num_windows) {
    Operation operation = works[1].operation;
    operation.kind = kind;
    operation.inputs = std::move(inputs);
    operation.output_width = num_windows;
    return work_of(operation);
  };
  works.insert(works.end() - 1, works[1]);
  works.insert(works.end() - 1, digital(OperationKind::kVector, {{.operation = 1}, {.operation = 2}}, 4));
  works.insert(works.end() - 1, digital(OperationKind::kPooling, {{.operation = 3}}, 2));
  EXPECT_THAT(copies_of_operations(works, {2, 3}), testing::ElementsAre(1, 2, 3, 3, 2, 1));
}

TEST(LayerPlan, RefusesABudgetBeyondTheChip) {
  const std::int64_t too_many = num_crossbars(test_chip()) + 1;
  EXPECT_THROW(static_cast<void>(estimate(chain_works(12), {12}, test_chip(), too_many)), InternalError);
}

}  // namespace
}  // namespace crossloom
