#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/compiler/import/onnx/model_builder.h"

namespace crossloom {
namespace {

/// A convolution `conv` of 4 channels on an 8x8 image, for patterns to follow.
ModelBuilder after_convolution() {
  ModelBuilder builder({1, 3, 8, 8});
  builder.weights("w", {4, 3, 1, 1}).scalar("three", 3).scalar("six", 6).scalar("sixth", 1.0 / 6).scalar("zero", 0);
  builder.node("Conv", {"x", "w"}, {"conv"});
  return builder;
}

constexpr const char* kHardSwish = "conv convolution(x) 4x8x8 hard_swish\n";

TEST(OnnxPatterns, ProductWithHardSigmoidIsHardSwish) {
  EXPECT_EQ(outline(after_convolution()
                        .node("HardSigmoid", {"conv"}, {"gate"}, {real_attribute("alpha", 1.0 / 6)})
                        .node("Mul", {"conv", "gate"}, {"y"})
                        .network()),
            kHardSwish);
}

TEST(OnnxPatterns, HardSwishWrittenOutIsOneActivation) {
  for (const bool divides : {true, false}) {
    ModelBuilder builder = after_convolution();
    builder.node("Add", {"conv", "three"}, {"sum"}).node("Clip", {"sum", "zero", "six"}, {"clip"});
    builder.node("Mul", {"clip", "conv"}, {"product"});
    if (divides) {
      builder.node("Div", {"product", "six"}, {"y"});
    } else {
      builder.node("Mul", {"sixth", "product"}, {"y"});
    }
    EXPECT_EQ(outline(builder.network()), kHardSwish);
  }
}

TEST(OnnxPatterns, HardSwishDividedBeforeTheProductIsOneActivation) {
  EXPECT_EQ(outline(after_convolution()
                        .node("Add", {"three", "conv"}, {"sum"})
                        .node("Clip", {"sum", "zero", "six"}, {"clip"})
                        .node("Div", {"clip", "six"}, {"gate"})
                        .node("Mul", {"conv", "gate"}, {"y"})
                        .network()),
            kHardSwish);
}

TEST(OnnxPatterns, ProductWithSigmoidIsSilu) {
  EXPECT_EQ(outline(after_convolution().node("Sigmoid", {"conv"}, {"gate"}).node("Mul", {"gate", "conv"}, {"y"}).network()),
            "conv convolution(x) 4x8x8 silu\n");
}

TEST(OnnxPatterns, ClipOfOldOperatorSetsIsReluSix) {
  EXPECT_EQ(outline(after_convolution()
                        .opset(6)
                        .node("Clip", {"conv"}, {"y"}, {real_attribute("min", 0), real_attribute("max", 6)})
                        .network()),
            "conv convolution(x) 4x8x8 relu6\n");
}

TEST(OnnxPatterns, ReluThenClipIsReluSix) {
  EXPECT_EQ(outline(after_convolution().node("Relu", {"conv"}, {"a"}).node("Clip", {"a", "zero", "six"}, {"y"}).network()),
            "conv convolution(x) 4x8x8 relu6\n");
  EXPECT_EQ(outline(after_convolution()
                        .opset(9)
                        .node("Relu", {"conv"}, {"a"})
                        .node("Clip", {"a"}, {"y"}, {real_attribute("max", 6)})
                        .network()),
            "conv convolution(x) 4x8x8 relu6\n");
}

TEST(OnnxPatterns, GateExpandedToTheImageIsRepeatedByTheProduct) {
  const Network network = after_convolution()
                              .node("GlobalAveragePool", {"conv"}, {"pool"})
                              .node("Sigmoid", {"pool"}, {"gate"})
                              .node("Shape", {"conv"}, {"shape"})
                              .node("Expand", {"gate", "shape"}, {"wide"})
                              .node("Mul", {"conv", "wide"}, {"y"})
                              .network();
  EXPECT_EQ(outline(network),
            "conv convolution(x) 4x8x8\npool global_average_pool(conv) 4x1x1 sigmoid\ny multiply(conv, pool) 4x8x8\n");
}

TEST(OnnxPatterns, MarginsTurnedRoundInTheGraphAreWorkedOut) {
  // PyTorch lists margins from the last axis on, (left, right, top, bottom), and turns them round in the graph.
  const Network network = after_convolution()
                              .integers("given", {1, 2, 3, 4, 0, 0, 0, 0})
                              .integers("pairs_shape", {-1, 2})
                              .integers("from", {-1})
                              .integers("to", {std::numeric_limits<std::int64_t>::min() + 1})
                              .integers("axis0", {0})
                              .integers("back", {-1})
                              .node("Reshape", {"given", "pairs_shape"}, {"pairs"})
                              .node("Slice", {"pairs", "from", "to", "axis0", "back"}, {"reversed"})
                              .node("Transpose", {"reversed"}, {"sides"}, {integers_attribute("perm", {1, 0})})
                              .node("Reshape", {"sides", "from"}, {"list"})
                              .node("Cast", {"list"}, {"pads"}, {integer_attribute("to", 7)})
                              .node("Pad", {"conv", "pads"}, {"y"})
                              .network();
  const WindowAttributes margin = layer_of(network, "y").window;
  EXPECT_EQ(margin.pad_left, 1);
  EXPECT_EQ(margin.pad_right, 2);
  EXPECT_EQ(margin.pad_top, 3);
  EXPECT_EQ(margin.pad_bottom, 4);
}

TEST(OnnxPatterns, SoftmaxAndItsLogarithmJoinTheClassifier) {
  for (const char* name : {"Softmax", "LogSoftmax"}) {
    const Network network = ModelBuilder({1, 4})
                                .weights("w", {4, 3})
                                .node("MatMul", {"x", "w"}, {"logits"})
                                .node(name, {"logits"}, {"y"}, {integer_attribute("axis", 1)})
                                .network();
    EXPECT_EQ(layer_of(network, "logits").activation,
              std::string(name) == "Softmax" ? Activation::kSoftmax : Activation::kLogSoftmax);
  }
}

TEST(OnnxPatterns, OtherSlopesAreKept) {
  const Network network = after_convolution()
                              .node("LeakyRelu", {"conv"}, {"a"}, {real_attribute("alpha", 0.125)})
                              .node("MaxPool", {"a"}, {"pool"}, {integers_attribute("kernel_shape", {2, 2})})
                              .node("HardSigmoid", {"pool"}, {"y"}, {real_attribute("alpha", 0.2)})
                              .network();
  EXPECT_EQ(layer_of(network, "conv").activation_slope, 0.125F);
  EXPECT_EQ(layer_of(network, "pool").activation_slope, 0.2F);
}

TEST(OnnxPatterns, ActivationOfAValueThatOthersReadStaysApart) {
  EXPECT_EQ(outline(after_convolution().node("Relu", {"conv"}, {"y"}).node("Add", {"conv", "y"}, {"sum"}).network()),
            "conv convolution(x) 4x8x8\ny activation(conv) 4x8x8 relu\nsum add(conv, y) 4x8x8\n");
}

TEST(OnnxPatterns, ShuffleWrittenOutWithItsShapeReadFromTheGraph) {
  // batch, channels, height, width = x.size(); view(batch, groups, channels / groups, height, width)
  ModelBuilder builder = after_convolution();
  builder.integers("i0", {0}).integers("two", {2});
  builder.model().initializers.emplace_back("scalar1", StoredTensor{.dims = {}, .type = ElementType::kInt64, .integers = {1}});
  builder.node("Shape", {"conv"}, {"shape"})
      .node("Gather", {"shape", "scalar1"}, {"channels"})
      .node("Unsqueeze", {"channels", "i0"}, {"channels1"})
      .node("Div", {"channels1", "two"}, {"half"})
      .integers("rest", {8, 8})
      .integers("batch", {-1})
      .node("Concat", {"batch", "two", "half", "rest"}, {"cut"}, {integer_attribute("axis", 0)})
      .node("Concat", {"batch", "channels1", "rest"}, {"whole"}, {integer_attribute("axis", 0)})
      .node("Reshape", {"conv", "cut"}, {"groups"})
      .node("Transpose", {"groups"}, {"turned"}, {integers_attribute("perm", {0, 2, 1, 3, 4})})
      .node("Reshape", {"turned", "whole"}, {"shuffle"})
      .node("Relu", {"shuffle"}, {"y"});
  const Network network = builder.network();
  EXPECT_EQ(outline(network), "conv convolution(x) 4x8x8\nshuffle channel_shuffle(conv) 4x8x8 relu\n");
  EXPECT_EQ(layer_of(network, "shuffle").num_groups, 2);
}

TEST(OnnxPatterns, SplitShuffleOfEveryOtherChannelIsAShuffleAndASlice) {
  // Two halves taken by index from a 2-row reshape: channels 0, 2 and 1, 3.
  ModelBuilder builder = after_convolution();
  builder.integers("cut", {1, 2, 2, 8, 8});
  for (const std::int64_t half : {0, 1}) {
    builder.model().initializers.emplace_back("i" + std::to_string(half),
                                              StoredTensor{.dims = {}, .type = ElementType::kInt64, .integers = {half}});
  }
  const Network network = builder.node("Reshape", {"conv", "cut"}, {"pairs"})
                              .node("Gather", {"pairs", "i0"}, {"even"}, {integer_attribute("axis", 2)})
                              .node("Gather", {"pairs", "i1"}, {"odd"}, {integer_attribute("axis", 2)})
                              .node("Relu", {"even"}, {"a"})
                              .node("Concat", {"a", "odd"}, {"y"}, {integer_attribute("axis", 1)})
                              .network();
  // Shuffled in 2 groups the channels come as 0, 2, 1, 3.
  EXPECT_EQ(outline(network),
            "conv convolution(x) 4x8x8\n"
            "even channel_shuffle(conv) 4x8x8\n"
            "even_2 slice(even) 2x8x8 relu\n"
            "odd slice(even) 2x8x8\n"
            "y concat(even_2, odd) 4x8x8\n");
  EXPECT_EQ(layer_of(network, "even").num_groups, 2);
  EXPECT_EQ(layer_of(network, "odd").first_channel, 2);
}

}  // namespace
}  // namespace crossloom
