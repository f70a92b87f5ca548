#include <gtest/gtest.h>

#include "compiler/ir/network.h"
#include "tests/compiler/ir/example_network.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::int64_t parameters_of_last(const Network& network) {
  const Network sized = infer_shapes(network);
  return num_parameters(sized, sized.layers.back());
}

std::int64_t macs_of_last(const Network& network) {
  const Network sized = infer_shapes(network);
  return num_macs(sized, sized.layers.back());
}

TEST(LayerCounts, ConvolutionHasOneWeightAPositionOfTheKernelAndPairOfChannels) {
  const Network network = network_of({3, 10, 10}) + convolution("conv", 8, 5);
  EXPECT_EQ(parameters_of_last(network), 8 * 3 * 5 * 5);
  EXPECT_EQ(macs_of_last(network), 8 * 3 * 5 * 5 * (6 * 6));
}

TEST(LayerCounts, GroupsDivideTheWeights) {
  Layer conv = convolution("conv", 12, 3, 1, 1);
  conv.num_groups = 3;
  const Network network = network_of({6, 10, 10}) + conv;
  EXPECT_EQ(parameters_of_last(network), 12 * (6 / 3) * 9);
  EXPECT_EQ(macs_of_last(network), 12 * (6 / 3) * 9 * 100);
}

TEST(LayerCounts, DepthwiseConvolutionHasOneKernelAChannel) {
  Layer conv = convolution("conv", 6, 3, 2, 1);
  conv.num_groups = 6;
  const Network network = network_of({6, 10, 10}) + conv;
  EXPECT_EQ(parameters_of_last(network), 6 * 9);
  EXPECT_EQ(macs_of_last(network), 6 * 9 * 25);
}

TEST(LayerCounts, BiasAndBatchNormAreParametersButNotMacs) {
  Layer conv = convolution("conv", 8, 1);
  conv.has_bias = true;
  conv.has_batch_norm = true;
  const Network network = network_of({3, 10, 10}) + conv;
  EXPECT_EQ(parameters_of_last(network), 8 * 3 + 8 + 2 * 8);
  EXPECT_EQ(macs_of_last(network), 8 * 3 * 100);
}

TEST(LayerCounts, FoldedBatchNormLeavesOneBiasAChannel) {
  Layer conv = convolution("conv", 8, 3);
  conv.has_batch_norm = true;
  Network network = infer_shapes(network_of({4, 9, 9}) + conv);
  EXPECT_EQ(num_folded_parameters(network), 8 * 4 * 9 + 8);
  network.layers[1].has_bias = true;
  EXPECT_EQ(num_folded_parameters(network), 8 * 4 * 9 + 8);
  network.layers[1].has_batch_norm = network.layers[1].has_bias = false;
  EXPECT_EQ(num_folded_parameters(network), 8 * 4 * 9);
}

TEST(LayerCounts, LinearLayerReadsEveryValue) {
  const Network network = network_of({3, 4, 5}) + linear("fc", 7);
  EXPECT_EQ(parameters_of_last(network), 7 * 60);
  EXPECT_EQ(macs_of_last(network), 7 * 60);
}

TEST(LayerCounts, BatchNormOnItsOwnHasScaleAndShift) {
  const Network network = network_of({3, 4, 5}) + plain("norm", LayerKind::kBatchNorm);
  EXPECT_EQ(parameters_of_last(network), 2 * 3);
  EXPECT_EQ(macs_of_last(network), 0);
}

TEST(LayerCounts, LayersWithoutWeightsHaveNeither) {
  Layer slice = plain("slice", LayerKind::kSlice);
  slice.num_output_channels = 2;
  Layer norm = plain("norm", LayerKind::kLocalResponseNorm);
  norm.num_neighbour_channels = 5;
  for (const Layer& layer :
       {plain("max", LayerKind::kMaxPool), plain("mean", LayerKind::kAveragePool), plain("gap", LayerKind::kGlobalAveragePool),
        activation("act", Activation::kSilu), plain("sum", LayerKind::kAdd, {0, 0}), plain("mul", LayerKind::kMultiply, {0, 0}),
        plain("sub", LayerKind::kSubtract, {0, 0}), plain("div", LayerKind::kDivide, {0, 0}),
        plain("join", LayerKind::kConcat, {0, 0}), plain("flat", LayerKind::kFlatten),
        plain("shuffle", LayerKind::kChannelShuffle), plain("pad", LayerKind::kPad), slice, norm}) {
    const Network network = network_of({6, 5, 4}) + layer;
    EXPECT_EQ(parameters_of_last(network), 0) << layer.name;
    EXPECT_EQ(macs_of_last(network), 0) << layer.name;
  }
}

TEST(LayerCounts, NetworkIsTheSumOfItsLayers) {
  const Network network = infer_shapes(network_of({3, 10, 10}) + convolution("conv", 8, 3) + linear("fc", 5));
  EXPECT_EQ(num_parameters(network), 8 * 3 * 9 + 5 * (8 * 8 * 8));
  EXPECT_EQ(num_macs(network), 8 * 3 * 9 * 64 + 5 * (8 * 8 * 8));
}

/// 2^20 channels to 2^20 channels, kernel 2^11 x 2^11 on an image padded to just that: 2^62 weights.
Layer huge_convolution(std::string name) {
  Layer conv = convolution(std::move(name), kMaxExtent, 1 << 11);
  conv.window.pad_top = conv.window.pad_left = (1 << 11) - 1;
  return conv;
}

TEST(LayerCountsErrors, ParametersOfTwoLayersOverflow) {
  const Network network = infer_shapes(network_of({kMaxExtent, 1, 1}) + huge_convolution("a") + huge_convolution("b"));
  EXPECT_EQ(num_parameters(network, network.layers.back()), std::int64_t{1} << 62);
  EXPECT_EQ(user_error([&] { return num_parameters(network); }), "number of parameters overflows 64 bits");
}

TEST(LayerCountsErrors, MacsOfALayerOverflow) {
  Layer conv = huge_convolution("conv");
  conv.window.pad_bottom = 1;
  const Network network = infer_shapes(network_of({kMaxExtent, 1, 1}) + conv);
  EXPECT_EQ(user_error([&] { return num_macs(network); }), "layer conv: number of multiply-accumulates overflows 64 bits");
}

TEST(LayerCountsErrors, WeightsOfALayerOverflow) {
  Layer conv = huge_convolution("conv");
  conv.window.kernel_height = 1 << 12;
  conv.window.pad_top = (1 << 12) - 1;
  const Network network = infer_shapes(network_of({kMaxExtent, 1, 1}) + conv);
  EXPECT_EQ(user_error([&] { return num_parameters(network); }), "layer conv: number of parameters overflows 64 bits");
}

}  // namespace
}  // namespace crossloom
