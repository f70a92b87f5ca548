#include "compiler/rnc/rnc_evaluator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/document.h"

namespace crossloom {
namespace {

/// Layers of one block, layer i with copies on the crossbars named.
RncMapping mapping_of(const std::vector<std::int64_t>& activations, const std::vector<std::vector<std::int64_t>>& copies) {
  RncMapping mapping;
  for (std::size_t i = 0; i < activations.size(); ++i) {
    RncMapping::Layer layer{.num_activations = activations[i], .max_copies = activations[i], .copies = {}};
    for (const std::int64_t crossbar : copies[i]) {
      layer.copies.push_back({crossbar});
      mapping.num_crossbars = std::max(mapping.num_crossbars, crossbar + 1);
    }
    mapping.layers.push_back(std::move(layer));
  }
  return mapping;
}

std::int64_t latency(const RncMapping& mapping, std::int64_t samples, Leftover leftover = Leftover::kDropped,
                     SimultaneousOrder order = SimultaneousOrder::kArrival) {
  return rnc_latency_activations(mapping, samples, leftover, order);
}

TEST(RncEvaluator, OfOneInputIsTheSumOfTheLayers) { EXPECT_EQ(latency(mapping_of({10, 20, 5}, {{0}, {1}, {2}}), 1), 35); }

TEST(RncEvaluator, WithoutSharedCrossbarsIsThePipelineOfTheLongestLayer) {
  const RncMapping mapping = mapping_of({10, 20, 5}, {{0}, {1}, {2}});
  for (const std::int64_t samples : {1, 2, 8, 64}) {
    EXPECT_EQ(latency(mapping, samples), 35 + (samples - 1) * 20);
    EXPECT_EQ(rnc_ideal_activations(mapping, samples, Leftover::kDropped), 35 + (samples - 1) * 20);
  }
}

TEST(RncEvaluator, LayersOnOneCrossbarExcludeEachOther) {
  // All three on one crossbar: inputs one after another.
  const RncMapping mapping = mapping_of({10, 20, 5}, {{0}, {0}, {0}});
  EXPECT_EQ(latency(mapping, 4), 4 * 35);
  EXPECT_EQ(rnc_load_bound_activations(mapping, 4, Leftover::kDropped), 4 * 35);
}

TEST(RncEvaluator, FirstAndLastLayerOnOneCrossbarTakeTurns) {
  // Crossbar 0: 10 of the first, 5 of the third layer. Input 0: [0,10] [10,30] [30,35]. Input 1 starts at 10 on crossbar 0, its
  // second layer at 30, its third at 50; input 2 asks at 20 and has crossbar 0 until 30.
  const RncMapping mapping = mapping_of({10, 20, 5}, {{0}, {1}, {0}});
  EXPECT_EQ(latency(mapping, 1), 35);
  EXPECT_EQ(latency(mapping, 2), 55);
  EXPECT_EQ(latency(mapping, 3), 75);
}

TEST(RncEvaluator, CopiesShareTheActivations) { EXPECT_EQ(latency(mapping_of({10, 21}, {{0, 1}, {2, 3, 4}}), 1), 5 + 7); }

TEST(RncEvaluator, LeftoverActivationsAreDroppedOrKept) {
  const RncMapping mapping = mapping_of({10}, {{0, 1, 2}});
  EXPECT_EQ(latency(mapping, 1, Leftover::kDropped), 3);
  EXPECT_EQ(latency(mapping, 1, Leftover::kKept), 4);
}

TEST(RncEvaluator, CopiesBeyondTheLimitServeNothing) {
  RncMapping mapping = mapping_of({10}, {{0, 1, 2, 3}});
  mapping.layers[0].max_copies = 2;
  EXPECT_EQ(latency(mapping, 1), 5);
}

TEST(RncEvaluator, BlocksOfOneLayerOnOneCrossbarRunInRounds) {
  RncMapping mapping = mapping_of({10}, {{0}});
  mapping.layers[0].copies = {{0, 0, 1}};
  mapping.num_crossbars = 2;
  EXPECT_EQ(latency(mapping, 1), 20);
}

TEST(RncEvaluator, IsNeverBelowItsBoundsInEitherOrder) {
  // Every assignment of four layers to three crossbars.
  const std::vector<std::int64_t> activations{7, 3, 11, 5};
  for (std::int64_t code = 0; code < 81; ++code) {
    std::vector<std::vector<std::int64_t>> copies;
    for (std::int64_t rest = code, i = 0; i < 4; ++i, rest /= 3) copies.push_back({rest % 3});
    const RncMapping mapping = mapping_of(activations, copies);
    const std::int64_t bound = rnc_load_bound_activations(mapping, 9, Leftover::kDropped);
    EXPECT_GE(latency(mapping, 9), bound) << code;
    EXPECT_GE(latency(mapping, 9, Leftover::kDropped, SimultaneousOrder::kLaterLayerFirst), bound) << code;
    EXPECT_EQ(latency(mapping, 1), 26) << code;
  }
}

/// Latency in ms of a placement of SqueezeNet that RNC's own code made.
double squeezenet_ms(const std::string& placement, std::int64_t samples) {
  const std::string folder = CROSSLOOM_SOURCE_FOLDER "/tests/golden/";
  const std::vector<RncLayer> layers = parse_rnc_layers(read_text_file(folder + "rnc_squeezenet_layers.json"), "layers");
  const std::string csv = read_text_file(folder + "rnc_squeezenet_placement_" + placement + ".csv");
  const RncMapping mapping = rnc_mapping(layers, parse_rnc_placements(csv, "placement"), 1);
  return static_cast<double>(latency(mapping, samples)) * kRncActivationNs * 1e-6;
}

// Measured by running RNC's evaluator; the order among requests at one instant moves packed figures by up to 3 %.
TEST(RncEvaluator, GivesTheLatenciesOfRncForItsOwnPlacements) {
  EXPECT_NEAR(squeezenet_ms("47", 1), 0.416, 0.0005);
  EXPECT_NEAR(squeezenet_ms("47", 8), 1.902, 0.03 * 1.902);
  EXPECT_NEAR(squeezenet_ms("47", 64), 14.495, 0.03 * 14.495);
  EXPECT_NEAR(squeezenet_ms("dup59", 1), 0.112, 0.0005);
  EXPECT_NEAR(squeezenet_ms("dup59", 8), 0.310, 0.03 * 0.310);
  EXPECT_NEAR(squeezenet_ms("dup59", 64), 2.171, 0.03 * 2.171);
}

}  // namespace
}  // namespace crossloom
