#include "training/pruning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/import/network_yaml.h"
#include "simulator/hardware/chip_yaml.h"

namespace crossloom {
namespace {

using testing::ElementsAre;

constexpr const char* kNetwork = R"(
name: small
source: test
input: {shape: [3, 8, 8], signed: false}
layers:
  - {name: stem, type: convolution, channels: 8, kernel: 3, padding: 1, bias: true, activation: relu}
  - {name: depthwise, type: depthwise_convolution, kernel: 3, padding: 1, bias: true, activation: relu}
  - {name: pool, type: global_average_pool}
  - {name: classifier, type: linear, channels: 10, bias: true}
)";

Network small_network() { return parse_network_yaml(kNetwork, "small").network; }

std::vector<PruneGroup> groups_of(PruneShape shape) {
  // Crossbars of 16 x 4 weights.
  const ChipConfig chip =
      with_overrides(load_chip("rnc-mnsim-128"), {"crossbar.rows=16", "crossbar.active_rows=16", "crossbar.cols=4",
                                                  "arithmetic.weight_bits=4", "cell.bits_per_cell=2", "adc.columns_per_adc=4"});
  const Network network = small_network();
  return prune_groups(network, ParameterLayout(network), chip, shape);
}

/// Groups of each layer.
std::vector<std::int64_t> counts(const std::vector<PruneGroup>& groups) {
  std::vector<std::int64_t> result(5);
  for (const PruneGroup& group : groups) ++result[group.layer];
  return result;
}

TEST(PruneGroups, AreTheRowsColumnsAndBlocksOfTheMappedMatrices) {
  // Matrices of 27 x 8, 9 x 8 in 8 groups, and 8 x 10; rows of groups and columns of the last layer stay. In crossbars of 16 x
  // 4 they are 2 x 2, 2 and 3 blocks.
  EXPECT_THAT(counts(groups_of(PruneShape::kRows)), ElementsAre(0, 27, 0, 0, 8));
  EXPECT_THAT(counts(groups_of(PruneShape::kColumns)), ElementsAre(0, 8, 8, 0, 0));
  EXPECT_THAT(counts(groups_of(PruneShape::kBlocks)), ElementsAre(0, 4, 2, 0, 3));
}

TEST(PruneGroups, HoldEachWeightOnce) {
  for (const PruneShape shape : {PruneShape::kRows, PruneShape::kColumns, PruneShape::kBlocks}) {
    std::set<std::size_t> places;
    std::size_t count = 0;
    for (const PruneGroup& group : groups_of(shape)) {
      places.insert(group.places.begin(), group.places.end());
      count += group.places.size();
    }
    EXPECT_EQ(places.size(), count);
  }
}

TEST(PruneGroups, HaveARowsWeightsAtTheSameInputOfEveryChannel) {
  const PruneGroup row = groups_of(PruneShape::kRows)[5];
  ASSERT_EQ(row.places.size(), 8U);
  for (std::size_t channel = 0; channel < 8; ++channel) EXPECT_EQ(row.places[channel], channel * 27 + 5);
}

/// Two layers of four groups of one weight each.
std::vector<PruneGroup> single_weights() {
  std::vector<PruneGroup> groups;
  for (std::size_t i = 0; i < 8; ++i) groups.push_back({.layer = i / 4, .places = {i}});
  return groups;
}

TEST(LeastGroups, AreComparedWithinTheScaleOfTheirLayer) {
  // Each layer has the same weights but for order and a factor of 100, which changes nothing.
  const std::vector<float> weights{1.0F, 4.0F, 2.0F, 3.0F, 300.0F, 200.0F, 400.0F, 100.0F};
  EXPECT_THAT(least_groups(single_weights(), weights, 0.5), ElementsAre(true, false, true, false, false, true, false, true));
}

TEST(LeastGroups, StayZeroOnceTheyAre) {
  const std::vector<float> weights{0.0F, 0.0F, 0.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F};
  EXPECT_THAT(least_groups(single_weights(), weights, 0.1), ElementsAre(true, true, true, false, false, false, false, false));
}

TEST(LeastGroups, LeaveATenthOfEachLayer) {
  const std::vector<float> weights{1.0F, 2.0F, 3.0F, 4.0F, 1.0F, 2.0F, 3.0F, 4.0F};
  EXPECT_THAT(least_groups(single_weights(), weights, 1.0), ElementsAre(true, true, true, false, true, true, true, false));
}

/// What a trainer keeps.
struct Values {
  std::vector<float> parameters;
  std::vector<float> velocity = std::vector<float>(8, 1.0F);
  std::vector<float> average = std::vector<float>(8, 1.0F);
  std::vector<float> copies = {};
  std::vector<float> duals = {};
  [[nodiscard]] PrunedValues view() {
    return {.parameters = parameters, .velocity = velocity, .average = average, .copies = copies, .duals = duals};
  }
};

std::int64_t num_zeros(const std::vector<float>& values) { return std::count(values.begin(), values.end(), 0.0F); }

TEST(PruningByMagnitude, RemovesByTheCubicSchedule) {
  Values values{.parameters = {1.0F, 2.0F, 3.0F, 4.0F, 1.1F, 2.1F, 3.1F, 4.1F}};
  const Pruning pruning(single_weights(), {.fraction = 0.5}, values.parameters);
  // 32 active steps of 64: after a quarter of them 0.5 (1 - 0.75^3) = 0.289 of 8 weights are more than 2 of them.
  std::vector<std::int64_t> zeros;
  for (std::int64_t step = 0; step <= 32; ++step) {
    pruning.prepare(step, 64, values.view());
    if (step % 8 == 0) zeros.push_back(num_zeros(values.parameters));
  }
  EXPECT_THAT(zeros, ElementsAre(0, 3, 4, 4, 4));
  EXPECT_FALSE(pruning.is_done(32, 64));
  EXPECT_TRUE(pruning.is_done(33, 64));
  EXPECT_EQ(num_zeros(values.velocity), 4);
  EXPECT_EQ(num_zeros(values.average), 4);
}

TEST(PruningByMagnitude, RemovesAllBeforeTheOnlyStep) {
  Values values{.parameters = {1.0F, 2.0F, 3.0F, 4.0F, 1.1F, 2.1F, 3.1F, 4.1F}};
  const Pruning pruning(single_weights(), {.fraction = 0.5}, values.parameters);
  pruning.prepare(0, 1, values.view());
  EXPECT_EQ(num_zeros(values.parameters), 4);
  EXPECT_TRUE(pruning.is_done(1, 1));
}

TEST(Pruning, MasksTheGradientsOfWhatIsGone) {
  const std::vector<float> weights{0.0F, 2.0F, 0.0F, 4.0F, 1.0F, 2.0F, 3.0F, 4.0F};
  std::vector<float> gradients(8, 1.0F);
  Pruning(single_weights(), {.fraction = 0.5}, weights).mask(weights, gradients);
  EXPECT_THAT(gradients, ElementsAre(0.0F, 1.0F, 0.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F));
}

TEST(Pruning, KeepsTheZerosOfTheStart) {
  const std::vector<float> start{0.0F, 2.0F};
  std::vector<float> gradients(2, 1.0F);
  const Pruning pruning({}, {.keeps_zeros = true}, start);
  pruning.mask(start, gradients);
  EXPECT_THAT(gradients, ElementsAre(0.0F, 1.0F));
  EXPECT_TRUE(pruning.is_done(0, 10));
}

TEST(PruningByAdmm, DrawsTheLeastGroupsToZero) {
  // Plain gradient steps on the penalty alone bring W to Z, in which the two least groups of each layer are zero.
  Values values{.parameters = {1.0F, 2.0F, 3.0F, 4.0F, 1.0F, 2.0F, 3.0F, 4.0F}};
  const Pruning pruning(single_weights(), {.fraction = 0.5, .method = PruneMethod::kAdmm}, values.parameters);
  const std::vector<float> start = values.parameters;
  for (std::int64_t step = 0; step < 320; ++step) {
    pruning.prepare(step, 640, values.view());
    const std::vector<float> penalty = pruning.penalty(step, 640, values.view());
    ASSERT_EQ(penalty.size(), 8U);
    for (std::size_t i = 0; i < 8; ++i) values.parameters[i] -= penalty[i];
  }
  for (const std::size_t i : {0U, 1U, 4U, 5U}) EXPECT_LT(std::abs(values.parameters[i]), 0.1F * start[i]);
  for (const std::size_t i : {2U, 3U, 6U, 7U}) EXPECT_NEAR(values.parameters[i], start[i], 0.1F * start[i]);
  pruning.prepare(320, 640, values.view());
  EXPECT_THAT(values.parameters, ElementsAre(0.0F, 0.0F, testing::_, testing::_, 0.0F, 0.0F, testing::_, testing::_));
  EXPECT_TRUE(pruning.penalty(321, 640, values.view()).empty());
}

TEST(PruningByAdmm, UpdatesItsVariablesAsThePaperSays) {
  // Of two groups one is to go. First Z = projection of W = (1, 2) and U = 0; then, with W = (0.5, 3), Z = projection of W + U
  // = (0, 3) and U += W - Z = (0.5, 0).
  Values values{.parameters = {1.0F, 2.0F}};
  const std::vector<PruneGroup> groups{{.layer = 0, .places = {0}}, {.layer = 0, .places = {1}}};
  const Pruning pruning(groups, {.fraction = 0.5, .method = PruneMethod::kAdmm}, values.parameters);
  pruning.prepare(0, 64, values.view());
  EXPECT_THAT(values.copies, ElementsAre(0.0F, 2.0F));
  EXPECT_THAT(values.duals, ElementsAre(0.0F, 0.0F));
  values.parameters = {0.5F, 3.0F};
  pruning.prepare(4, 64, values.view());
  EXPECT_THAT(values.copies, ElementsAre(0.0F, 3.0F));
  EXPECT_THAT(values.duals, ElementsAre(0.5F, 0.0F));
  // rho = 0.01 x 100^(1/2) half way through the active steps.
  const std::vector<float> penalty = pruning.penalty(16, 64, values.view());
  EXPECT_FLOAT_EQ(penalty[0], 0.1F * (0.5F - 0.0F + 0.5F));
  EXPECT_EQ(penalty[1], 0.0F);
}

}  // namespace
}  // namespace crossloom
