#include "compiler/export/network_to_onnx.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/import/onnx/onnx_import.h"
#include "tests/compiler/export/exported_shapes.h"
#include "tests/compiler/ir/example_network.h"
#include "tests/support/scratch_folder.h"

namespace crossloom {
namespace {

/// The network after a way through a file.
Network through_file(const Network& network) {
  const ScratchFolder scratch;
  const std::string path = scratch.path("net.onnx");
  write_onnx_model(to_onnx(network), path);
  Network read = import_onnx(path).network;
  const auto shapes = shapes_by_onnx(path, network.input_shape);
  for (std::size_t i = 1; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    EXPECT_TRUE(shapes.contains(layer.name) && shapes.at(layer.name) == layer.output_shape) << layer.name;
  }
  return read;
}

void expect_kept(const Network& drawn) {
  const Network network = infer_shapes(drawn);
  EXPECT_EQ(through_file(network), network);
}

Layer with_activation(Layer layer, Activation function, std::optional<float> slope = {}) {
  layer.activation = function;
  layer.activation_slope = slope;
  return layer;
}

Layer window_layer(LayerKind kind, const WindowAttributes& window) {
  Layer layer = plain("layer", kind);
  layer.window = window;
  return layer;
}

/// What follows keeps a layer from being the last, so that its value is read on.
Network followed(const Network& network) { return network + convolution("next", 2, 1); }

TEST(NetworkToOnnx, KeepsEveryActivationOfALayer) {
  for (std::size_t i = 1; i < enum_names(Activation()).size(); ++i) {
    const auto function = static_cast<Activation>(i);
    expect_kept(followed(network_of({3, 6, 5}) + with_activation(convolution("layer", 4, 3), function)));
    expect_kept(network_of({3, 6, 5}) + with_activation(linear("layer", 4), function));
  }
}

TEST(NetworkToOnnx, KeepsEveryActivationThatStandsAlone) {
  for (std::size_t i = 1; i < enum_names(Activation()).size(); ++i)
    expect_kept(followed(network_of({3, 6, 5}) + activation("layer", static_cast<Activation>(i))));
}

TEST(NetworkToOnnx, KeepsSlopes) {
  expect_kept(network_of({3, 6, 5}) + with_activation(convolution("layer", 4, 3), Activation::kLeakyRelu, 0.25F));
  expect_kept(network_of({3, 6, 5}) + with_activation(convolution("layer", 4, 3), Activation::kHardSigmoid, 0.2F));
}

TEST(NetworkToOnnx, KeepsBiasAndBatchNormalization) {
  for (const bool has_bias : {false, true}) {
    for (const bool has_batch_norm : {false, true}) {
      for (Layer layer : {convolution("layer", 4, 3), linear("layer", 4)}) {
        layer.has_bias = has_bias;
        layer.has_batch_norm = has_batch_norm;
        expect_kept(network_of({3, 6, 5}) + with_activation(layer, Activation::kRelu));
      }
    }
  }
}

TEST(NetworkToOnnx, KeepsGroupsDilationAndUnequalPadding) {
  Layer layer = convolution("layer", 8, 3);
  layer.num_groups = 2;
  layer.window = {.kernel_height = 3,
                  .kernel_width = 2,
                  .stride_height = 2,
                  .stride_width = 1,
                  .dilation_height = 1,
                  .dilation_width = 3,
                  .pad_top = 0,
                  .pad_left = 1,
                  .pad_bottom = 2,
                  .pad_right = 3};
  expect_kept(network_of({4, 9, 7}) + layer);
}

TEST(NetworkToOnnx, KeepsPoolingWindows) {
  const WindowAttributes window{.kernel_height = 3, .kernel_width = 2, .stride_height = 2, .stride_width = 2};
  WindowAttributes padded = window;
  padded.pad_top = 1;
  padded.pad_right = 1;
  WindowAttributes counting = padded;
  counting.counts_padding = true;
  WindowAttributes rounding_up = window;
  rounding_up.ceil_mode = true;
  for (const LayerKind kind : {LayerKind::kMaxPool, LayerKind::kAveragePool}) {
    for (const WindowAttributes& tried : {window, padded, rounding_up})
      expect_kept(followed(network_of({3, 8, 9}) + window_layer(kind, tried)));
  }
  expect_kept(network_of({3, 8, 9}) + window_layer(LayerKind::kAveragePool, counting));
  WindowAttributes dilated = window;
  dilated.dilation_height = 2;
  expect_kept(network_of({3, 8, 9}) + window_layer(LayerKind::kMaxPool, dilated));
}

// 3 pixels and one of padding, kernel 2, stride 3: a second window would start at pixel 3, in the padding.
TEST(NetworkToOnnx, RoundsDownWhereTheLastWindowIsDropped) {
  const WindowAttributes window{.kernel_height = 2,
                                .kernel_width = 2,
                                .stride_height = 3,
                                .stride_width = 3,
                                .pad_bottom = 1,
                                .pad_right = 1,
                                .ceil_mode = true};
  const Network network = infer_shapes(network_of({3, 3, 3}) + window_layer(LayerKind::kMaxPool, window));
  EXPECT_EQ(network.layers.back().output_shape, (TensorShape{3, 1, 1}));
  EXPECT_EQ(through_file(network).layers.back().output_shape, (TensorShape{3, 1, 1}));
}

TEST(NetworkToOnnx, KeepsArithmeticOfTwoAndMoreLayers) {
  const Network operands = network_of({3, 4, 4}) + convolution("a", 3, 1) + convolution("b", 3, 3, 1, 1);
  for (const LayerKind kind : {LayerKind::kAdd, LayerKind::kMultiply, LayerKind::kSubtract, LayerKind::kDivide})
    expect_kept(operands + plain("layer", kind, {1, 2}));
  expect_kept(operands + plain("layer", LayerKind::kAdd, {0, 1, 2}));
  expect_kept(operands + plain("layer", LayerKind::kConcat, {2, 0, 1}));
}

TEST(NetworkToOnnx, KeepsAGateOfOneValueAChannel) {
  expect_kept(network_of({3, 4, 4}) + convolution("a", 6, 1) + plain("mean", LayerKind::kGlobalAveragePool) +
              with_activation(linear("gate", 6), Activation::kSigmoid) + plain("scale", LayerKind::kMultiply, {1, 3}));
}

TEST(NetworkToOnnx, KeepsSlicesAndShuffles) {
  Layer slice = plain("layer", LayerKind::kSlice);
  slice.first_channel = 2;
  slice.num_output_channels = 3;
  expect_kept(followed(network_of({6, 4, 4}) + slice));
  Layer shuffle = plain("layer", LayerKind::kChannelShuffle);
  shuffle.num_groups = 3;
  expect_kept(followed(network_of({6, 4, 4}) + shuffle));
  slice.name = "part";
  expect_kept(followed(network_of({6, 4, 4}) + shuffle + slice));
}

TEST(NetworkToOnnx, KeepsMargins) {
  const WindowAttributes margins{.pad_top = 1, .pad_left = 2, .pad_bottom = 0, .pad_right = 1};
  expect_kept(followed(network_of({3, 5, 6}) + window_layer(LayerKind::kPad, margins)));
  expect_kept(followed(network_of({3, 5, 6}) + window_layer(LayerKind::kCrop, margins)));
}

TEST(NetworkToOnnx, KeepsReorderedValues) {
  Layer layer = plain("layer", LayerKind::kReorder);
  layer.reorder = {.extents = {3, 20}, .order = {1, 0}};
  layer.given_shape = {.channels = 4, .height = 5, .width = 3};
  expect_kept(followed(network_of({3, 4, 5}) + layer));
  layer.reorder = {};
  expect_kept(followed(network_of({3, 4, 5}) + layer));
}

TEST(NetworkToOnnx, KeepsNormalizationsThatStandAlone) {
  expect_kept(followed(network_of({3, 4, 5}) + plain("layer", LayerKind::kBatchNorm)));
  Layer layer = plain("layer", LayerKind::kLocalResponseNorm);
  layer.num_neighbour_channels = 5;
  layer.local_response = {.alpha = 0.5F, .beta = 0.25F, .bias = 2.0F};
  expect_kept(followed(network_of({8, 4, 5}) + layer));
}

TEST(NetworkToOnnx, KeepsFlattenedImagesAndChainsOfMatrixProducts) {
  expect_kept(followed(network_of({3, 4, 5}) + plain("flat", LayerKind::kFlatten)));
  expect_kept(network_of({3, 4, 5}) + linear("a", 7) + with_activation(linear("b", 5), Activation::kSoftmax));
  expect_kept(network_of({3, 4, 5}) + with_activation(linear("b", 5), Activation::kLogSoftmax));
  expect_kept(network_of({3, 4, 5}) + linear("a", 7) + convolution("back_to_an_image", 4, 1) + linear("b", 2));
}

TEST(NetworkToOnnx, KeepsNamesAndTheSignOfTheImage) {
  Network network = network_of({3, 4, 5}) + convolution("a", 7, 1);
  network.name = "with a space";
  network.source = "Someone, 1999";
  network.has_signed_input = false;
  expect_kept(network);
}

TEST(NetworkToOnnx, NamesThatLookLikeItsOwnDoNotClash) {
  Layer layer = with_activation(convolution("a", 7, 1), Activation::kRelu);
  layer.has_bias = true;
  expect_kept(network_of({3, 4, 5}) + layer + convolution("a/activation", 3, 1) + convolution("a/weights", 3, 1) +
              convolution("a/bias/shape", 3, 1));
}

TEST(NetworkToOnnx, ValueOfALayerBearsItsName) {
  const Network network = infer_shapes(network_of({3, 4, 5}) + with_activation(convolution("a", 7, 1), Activation::kHardSwish));
  const OnnxModel model = to_onnx(network);
  EXPECT_EQ(model.opset, 13);
  EXPECT_EQ(model.inputs.at(0).name, "image");
  EXPECT_EQ(model.outputs.at(0).name, "a/activation");
  const auto node = std::ranges::find(model.nodes, std::string("a"), &OnnxNode::name);
  ASSERT_NE(node, model.nodes.end());
  EXPECT_EQ(node->op_type, "Conv");
  EXPECT_EQ(node->outputs, std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace crossloom
