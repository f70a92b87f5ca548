#include "compiler/ir/initial_weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compiler/import/load_network.h"

namespace crossloom {
namespace {

TEST(InitialWeights, HaveTheSpreadOfTheirInputs) {
  const Network network = load_network("resnet8_cifar10").network;
  const FoldedWeights layer = initial_weights(network, 1).load_folded("stack3_conv2");  // 64 outputs of 64 x 3 x 3 inputs
  ASSERT_EQ(layer.weights.size(), 64U * 576U);
  double sum = 0;
  double squares = 0;
  for (const float weight : layer.weights) {
    sum += static_cast<double>(weight);
    squares += static_cast<double>(weight) * static_cast<double>(weight);
  }
  const auto count = static_cast<double>(layer.weights.size());
  const double sigma = std::sqrt(2.0 / 576.0);
  EXPECT_NEAR(sum / count, 0, 4 * sigma / std::sqrt(count));
  EXPECT_NEAR(squares / count, sigma * sigma,
              4 * sigma * sigma * std::sqrt(2 / count));  // variance of a normal's square: 2 s^4
  EXPECT_EQ(layer.bias, std::vector<float>(64, 0.0F));
}

TEST(InitialWeights, AreThereForEveryLayerThatLearns) {
  const Network network = load_network("mobilenet_v3_small").network;
  const WeightStore weights = initial_weights(network, 1);
  for (const Layer& layer : network.layers) {
    const std::int64_t num_groups = layer.kind == LayerKind::kConvolution ? layer.num_groups : 1;
    const bool learns = layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kLinear;
    EXPECT_EQ(weights.has_weights(layer.name), learns) << layer.name;
    if (!learns) continue;
    const TensorShape& input = input_shape_of(network, layer);
    const std::int64_t num_inputs = layer.kind == LayerKind::kLinear
                                        ? input.num_values()
                                        : input.channels / num_groups * layer.window.kernel_height * layer.window.kernel_width;
    EXPECT_EQ(static_cast<std::int64_t>(weights.load_folded(layer.name).weights.size()),
              layer.num_output_channels * num_inputs);
  }
}

TEST(InitialWeights, DependOnTheSeedAndTheLayer) {
  const Network network = load_network("resnet8_cifar10").network;
  const WeightStore weights = initial_weights(network, 1);
  EXPECT_EQ(weights, initial_weights(network, 1));
  EXPECT_NE(weights.load_folded("stem").weights, initial_weights(network, 2).load_folded("stem").weights);
  EXPECT_NE(weights.load_folded("stack1_conv1").weights, weights.load_folded("stack1_conv2").weights);
}

}  // namespace
}  // namespace crossloom
