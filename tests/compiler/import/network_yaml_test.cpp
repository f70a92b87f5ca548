#include "compiler/import/network_yaml.h"

#include <gtest/gtest.h>

#include "tests/compiler/import/network_text.h"

namespace crossloom {
namespace {

Network parse(const std::string& layers) { return parse_network_yaml(network_text(layers), "net.yaml").network; }

/// The last layer of a network of the given layers.
Layer last(const std::string& layers) { return parse(layers).layers.back(); }

TEST(NetworkYaml, ReadsTheHead) {
  const NetworkFile file = parse_network_yaml(
      "name: tiny\n"
      "source: nowhere\n"
      "input: {shape: [3, 8, 9], signed: false}\n"
      "expected: {parameters: 433, macs: 432}\n"
      "layers:\n"
      "  - {name: fc, type: linear, channels: 2, bias: true}\n",
      "net.yaml", TensorShape{1, 1, 1});
  EXPECT_EQ(file.network.name, "tiny");
  EXPECT_EQ(file.network.source, "nowhere");
  EXPECT_FALSE(file.network.has_signed_input);
  EXPECT_EQ(file.declared_input_shape, (TensorShape{3, 8, 9}));
  EXPECT_EQ(file.expected, (ExpectedCounts{.num_parameters = 433, .num_macs = 432}));
}

TEST(NetworkYaml, NeedsNoExpectedCounts) {
  EXPECT_EQ(parse_network_yaml(network_text("  - {name: flat, type: flatten}\n"), "net.yaml").expected, std::nullopt);
}

TEST(NetworkYaml, TakesABatchOfOne) {
  const NetworkFile file = parse_network_yaml(
      "name: tiny\nsource: nowhere\ninput: {shape: [1, 3, 8, 9], signed: true}\nlayers:\n  - {name: flat, type: flatten}\n",
      "net.yaml");
  EXPECT_EQ(file.network.input_shape, (TensorShape{3, 8, 9}));
}

TEST(NetworkYaml, BeginsWithTheImage) {
  const Network network = parse("  - {name: flat, type: flatten}\n");
  EXPECT_EQ(network.layers.front().name, "input");
  EXPECT_EQ(network.layers.front().kind, LayerKind::kInput);
  EXPECT_EQ(network.layers.front().output_shape, (TensorShape{3, 8, 8}));
}

TEST(NetworkYaml, ConvolutionDefaultsToStrideOneNoPaddingOneGroup) {
  const Layer layer = last("  - {name: conv, type: convolution, channels: 6, kernel: 3, bias: true}\n");
  EXPECT_EQ(layer, (Layer{.name = "conv",
                          .kind = LayerKind::kConvolution,
                          .inputs = {0},
                          .window = {.kernel_height = 3, .kernel_width = 3},
                          .num_output_channels = 6,
                          .has_bias = true,
                          .output_shape = {6, 6, 6}}));
}

TEST(NetworkYaml, ConvolutionTakesEveryAttribute) {
  const Layer layer = last(
      "  - {name: conv, type: convolution, channels: 6, kernel: [3, 2], stride: [1, 2], dilation: [2, 1], padding: [1, 2, 3, "
      "4],"
      " groups: 3, batch_norm: true, bias: true, activation: relu6}\n");
  EXPECT_EQ(layer, (Layer{.name = "conv",
                          .kind = LayerKind::kConvolution,
                          .inputs = {0},
                          .window = {.kernel_height = 3,
                                     .kernel_width = 2,
                                     .stride_height = 1,
                                     .stride_width = 2,
                                     .dilation_height = 2,
                                     .dilation_width = 1,
                                     .pad_top = 1,
                                     .pad_left = 2,
                                     .pad_bottom = 3,
                                     .pad_right = 4},
                          .num_output_channels = 6,
                          .num_groups = 3,
                          .has_bias = true,
                          .has_batch_norm = true,
                          .activation = Activation::kRelu6,
                          .output_shape = {6, 8, 7}}));
}

TEST(NetworkYaml, PaddingOfTwoNumbersIsVerticalAndHorizontal) {
  const WindowAttributes window =
      last("  - {name: conv, type: convolution, channels: 6, kernel: 3, padding: [1, 2], bias: true}\n").window;
  EXPECT_EQ(window.pad_top, 1);
  EXPECT_EQ(window.pad_bottom, 1);
  EXPECT_EQ(window.pad_left, 2);
  EXPECT_EQ(window.pad_right, 2);
}

TEST(NetworkYaml, SamePaddingFollowsTheInput) {
  const std::string text =
      network_text("  - {name: conv, type: convolution, channels: 6, kernel: 3, stride: 2, padding: same, bias: true}\n");
  const Layer at_8 = parse_network_yaml(text, "net.yaml").network.layers.back();
  EXPECT_EQ(at_8.window.pad_top, 0);
  EXPECT_EQ(at_8.window.pad_bottom, 1);
  const Layer at_9 = parse_network_yaml(text, "net.yaml", TensorShape{3, 9, 9}).network.layers.back();
  EXPECT_EQ(at_9.window.pad_top, 1);
  EXPECT_EQ(at_9.output_shape, (TensorShape{6, 5, 5}));
}

TEST(NetworkYaml, BatchNormMakesBiasSuperfluous) {
  const Layer layer = last("  - {name: conv, type: convolution, channels: 6, kernel: 3, batch_norm: true}\n");
  EXPECT_TRUE(layer.has_batch_norm);
  EXPECT_FALSE(layer.has_bias);
}

TEST(NetworkYaml, DepthwiseConvolutionHasAGroupAChannel) {
  const Layer layer = last("  - {name: conv, type: depthwise_convolution, kernel: 3, padding: 1, batch_norm: true}\n");
  EXPECT_EQ(layer.kind, LayerKind::kConvolution);
  EXPECT_EQ(layer.num_groups, 3);
  EXPECT_EQ(layer.num_output_channels, 3);
}

TEST(NetworkYaml, PoolingTakesCeilMode) {
  const Layer layer = last("  - {name: pool, type: max_pool, kernel: 3, stride: 2, ceil_mode: true}\n");
  EXPECT_TRUE(layer.window.ceil_mode);
  EXPECT_EQ(layer.output_shape, (TensorShape{3, 4, 4}));
}

TEST(NetworkYaml, SqueezeExciteBecomesFourLayers) {
  const Network network =
      parse("  - {name: se, type: squeeze_excite, squeeze_channels: 2, bias: true, activation: relu, gate: hard_sigmoid}\n");
  const Layer pool{.name = "se_pool", .kind = LayerKind::kGlobalAveragePool, .inputs = {0}, .output_shape = {3, 1, 1}};
  const Layer reduce{.name = "se_reduce",
                     .kind = LayerKind::kConvolution,
                     .inputs = {1},
                     .num_output_channels = 2,
                     .has_bias = true,
                     .activation = Activation::kRelu,
                     .output_shape = {2, 1, 1}};
  const Layer expand{.name = "se_expand",
                     .kind = LayerKind::kConvolution,
                     .inputs = {2},
                     .num_output_channels = 3,
                     .has_bias = true,
                     .activation = Activation::kHardSigmoid,
                     .output_shape = {3, 1, 1}};
  const Layer scale{.name = "se", .kind = LayerKind::kMultiply, .inputs = {3, 0}, .output_shape = {3, 8, 8}};
  EXPECT_EQ(std::vector<Layer>(network.layers.begin() + 1, network.layers.end()), (std::vector{pool, reduce, expand, scale}));
}

TEST(NetworkYaml, ReadsCropReorderAndVectorOperation) {
  const Network network = parse(
      "  - {name: inner, type: crop, margin: [1, 0, 2, 3]}\n"
      "  - {name: turned, type: reorder, axes: [3, 25], order: [1, 0], shape: [25, 3, 1]}\n"
      "  - {name: unknown, type: vector_operation, inputs: [turned, inner], shape: [4, 2, 2], activation: leaky_relu, slope: "
      "0.25}\n");
  EXPECT_EQ(network.layers[1].output_shape, (TensorShape{3, 5, 5}));
  EXPECT_EQ(network.layers[2].reorder, (AxisOrder{.extents = {3, 25}, .order = {1, 0}}));
  EXPECT_EQ(network.layers[2].output_shape, (TensorShape{25, 3, 1}));
  EXPECT_EQ(network.layers[3].output_shape, (TensorShape{4, 2, 2}));
  EXPECT_EQ(network.layers[3].activation_slope, 0.25F);
}

TEST(NetworkYaml, ReadsTheOtherKinds) {
  const Network network = parse(
      "  - {name: left, type: slice, first_channel: 0, channels: 1}\n"
      "  - {name: right, type: slice, input: input, first_channel: 1, channels: 2}\n"
      "  - {name: all, type: concat, inputs: [left, right]}\n"
      "  - {name: mixed, type: channel_shuffle, groups: 3}\n"
      "  - {name: wide, type: pad, padding: [0, 1, 2, 3]}\n"
      "  - {name: scaled, type: batch_norm}\n"
      "  - {name: even, type: local_response_norm, neighbour_channels: 5}\n"
      "  - {name: smooth, type: activation, activation: tanh}\n"
      "  - {name: sub, type: subtract, inputs: [smooth, even]}\n"
      "  - {name: div, type: divide, inputs: [sub, smooth]}\n"
      "  - {name: mul, type: multiply, inputs: [sub, div]}\n"
      "  - {name: sum, type: add, inputs: [sub, div, mul], activation: relu}\n"
      "  - {name: mean, type: average_pool, kernel: 2, stride: 2}\n"
      "  - {name: flat, type: flatten}\n"
      "  - {name: fc, type: linear, channels: 4, bias: false}\n");
  std::vector<LayerKind> kinds;
  for (const Layer& layer : network.layers) kinds.push_back(layer.kind);
  using enum LayerKind;
  EXPECT_EQ(kinds, (std::vector{kInput, kSlice, kSlice, kConcat, kChannelShuffle, kPad, kBatchNorm, kLocalResponseNorm,
                                kActivation, kSubtract, kDivide, kMultiply, kAdd, kAveragePool, kFlatten, kLinear}));
  EXPECT_EQ(network.layers[12].activation, Activation::kRelu);
  EXPECT_EQ(network.layers[14].output_shape, (TensorShape{3 * 5 * 6, 1, 1}));
}

TEST(NetworkYaml, LayersStandInAnyOrder) {
  const Network sorted = parse(
      "  - {name: a, type: convolution, channels: 4, kernel: 1, bias: true}\n"
      "  - {name: b, type: activation, input: a, activation: relu}\n"
      "  - {name: c, type: add, inputs: [a, b]}\n");
  const Network shuffled = parse(
      "  - {name: c, type: add, inputs: [a, b]}\n"
      "  - {name: b, type: activation, input: a, activation: relu}\n"
      "  - {name: a, type: convolution, input: input, channels: 4, kernel: 1, bias: true}\n");
  EXPECT_EQ(shuffled, sorted);
}

TEST(NetworkYaml, LinearLayerTakesWhateverAResizedImageLeaves) {
  const std::string text = network_text(
      "  - {name: conv, type: convolution, channels: 2, kernel: 3, bias: false}\n"
      "  - {name: flat, type: flatten}\n"
      "  - {name: fc, type: linear, channels: 5, bias: false}\n");
  EXPECT_EQ(num_parameters(parse_network_yaml(text, "net.yaml").network), 2 * 27 + 5 * 2 * 36);
  EXPECT_EQ(num_parameters(parse_network_yaml(text, "net.yaml", TensorShape{3, 12, 16}).network), 2 * 27 + 5 * 2 * 140);
}

}  // namespace
}  // namespace crossloom
