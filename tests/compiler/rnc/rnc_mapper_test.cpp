#include "compiler/rnc/rnc_mapper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "compiler/packing/packer.h"
#include "support/document.h"

namespace crossloom {
namespace {

std::vector<RncLayer> squeezenet() {
  const std::string file = CROSSLOOM_SOURCE_FOLDER "/tests/golden/rnc_squeezenet_layers.json";
  return parse_rnc_layers(read_text_file(file), file);
}

double in_ms(std::int64_t activations) { return static_cast<double>(activations) * kRncActivationNs * 1e-6; }

/// Blocks as RNC's placements name them, checked by its rules.
void expect_valid(const RncResult& result, std::int64_t budget) {
  PackingProblem problem = rnc_packing_problem({}, 1, budget);
  Packing packing{.num_crossbars = result.num_crossbars, .placements = {}};
  for (const RncPlacement& at : result.placements) {
    problem.items.push_back({.layer = at.layer, .rows = at.rows, .cols = at.cols});
    packing.placements.push_back({.crossbar = at.crossbar, .row0 = at.row0, .col0 = at.col0});
  }
  EXPECT_EQ(verify_packing(problem, packing), std::vector<std::string>{});
}

// RNC's own figures on 59 crossbars, measured by running it: 0.112 ms (733 activations) for one input, 2.171 ms for 64.
TEST(RncMapper, IsFasterThanRncOnItsBudget) {
  const auto result = map_for_rnc(squeezenet(), 1, 59, {.max_latency_turns = 733, .num_steps = 5'000'000});
  ASSERT_TRUE(result);
  expect_valid(*result, 59);
  const auto latency = [&](std::int64_t samples) {
    return in_ms(rnc_latency_activations(result->mapping, samples, Leftover::kDropped, SimultaneousOrder::kArrival));
  };
  EXPECT_LE(latency(1), 0.112);
  EXPECT_LE(latency(64), 2.171 / 1.3);
}

// RNC finds no packing there.
TEST(RncMapper, PacksABudgetOnWhichRncFails) {
  const auto result = map_for_rnc(squeezenet(), 1, 47, {.num_steps = 1'000'000});
  ASSERT_TRUE(result);
  expect_valid(*result, 47);
}

TEST(RncMapper, JoinsPlacementsAsTheReaderOfPlacementsDoes) {
  const std::vector<RncLayer> layers = squeezenet();
  const auto result = map_for_rnc(layers, 1, 70, {.num_steps = 500'000});
  ASSERT_TRUE(result);
  const RncMapping read = rnc_mapping(layers, result->placements, 1);
  for (const std::int64_t samples : {1, 8, 64}) {
    EXPECT_EQ(rnc_latency_activations(read, samples, Leftover::kDropped, SimultaneousOrder::kArrival),
              rnc_latency_activations(result->mapping, samples, Leftover::kDropped, SimultaneousOrder::kArrival));
  }
}

TEST(RncMapper, OfSingleCopiesTakesTheSumOfTheLayers) {
  const std::vector<RncLayer> layers = squeezenet();
  PackingProblem problem = rnc_packing_problem(layers, 1, 80);
  const auto packing = packer_by_name("one_per_crossbar").pack(problem, {});
  ASSERT_TRUE(packing);
  const RncResult result = rnc_result(layers, 1, *packing);
  EXPECT_EQ(result.num_crossbars, 80);
  // The sum of activations of all layers.
  EXPECT_EQ(rnc_latency_activations(result.mapping, 1, Leftover::kDropped, SimultaneousOrder::kArrival), 2722);
}

TEST(RncMapper, PlacementsOfFreeCutsAreReadAsTheyWereWritten) {
  std::vector<RncLayer> layers;
  for (int i = 0; i < 5; ++i)
    layers.push_back({.rows = 100, .cols = 96, .num_activations = 7 + i, .max_copies = 7, .is_depthwise = false});
  const CutPacking cut =
      pack_with_free_cuts(rnc_packing_problem({}, 1, 0), rnc_cut_blocks(layers, 1), packers().front(), PackingEffort::kDefault);
  const RncResult result = rnc_result(layers, 1, cut);
  // Two never fit beside each other; by area five take three crossbars.
  EXPECT_LT(result.num_crossbars, 5);
  expect_valid(result, 4);
  const RncMapping read = rnc_mapping(layers, result.placements, 1, CutRule::kFree);
  ASSERT_EQ(read.layers.size(), layers.size());
  EXPECT_EQ(rnc_latency_activations(read, 1, Leftover::kDropped, SimultaneousOrder::kArrival), 7 + 8 + 9 + 10 + 11);
  EXPECT_EQ(rnc_latency_activations(read, 8, Leftover::kDropped, SimultaneousOrder::kArrival),
            rnc_latency_activations(result.mapping, 8, Leftover::kDropped, SimultaneousOrder::kArrival));
}

TEST(RncMapper, LikeIsaacALayerWaitsForItselfAlone) {
  // Every layer has its own crossbars: the first input takes the sum of the layers (2722, as above), each further one the
  // longest.
  std::int64_t longest = 0;
  for (const RncLayer& layer : squeezenet()) longest = std::max(longest, layer.num_activations);
  EXPECT_DOUBLE_EQ(rnc_isaac_batch_latency_ns(squeezenet(), 1), 2722 * kRncActivationNs);
  EXPECT_DOUBLE_EQ(rnc_isaac_batch_latency_ns(squeezenet(), 8), static_cast<double>(2722 + 7 * longest) * kRncActivationNs);
}

// RNC's own figure on 59 crossbars, as above.
TEST(RncMapper, ABatchIsMappedForItsOwnLength) {
  constexpr std::int64_t kSteps = 5'000'000;
  const auto of_64 = rnc_batch_latency_ns(squeezenet(), 1, 59, 64, kSteps);
  ASSERT_TRUE(of_64);
  EXPECT_LE(*of_64 * 1e-6, 2.171 / 1.3);
  const auto for_64 = map_for_rnc(squeezenet(), 1, 59, {.num_inputs = 64, .latency_weight = 0.0, .num_steps = kSteps});
  ASSERT_TRUE(for_64);
  EXPECT_EQ(*of_64 * 1e-6,
            in_ms(rnc_latency_activations(for_64->mapping, 64, Leftover::kDropped, SimultaneousOrder::kArrival)));
  const auto of_2 = rnc_batch_latency_ns(squeezenet(), 1, 59, 2, kSteps);
  ASSERT_TRUE(of_2);
  EXPECT_LT(*of_2 * 1e-6, in_ms(rnc_latency_activations(for_64->mapping, 2, Leftover::kDropped, SimultaneousOrder::kArrival)));
}

TEST(RncMapper, ABatchThatFindsNoPackingHasNoLatency) { EXPECT_FALSE(rnc_batch_latency_ns(squeezenet(), 1, 30, 8, 1'000)); }

}  // namespace
}  // namespace crossloom
