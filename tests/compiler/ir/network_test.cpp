#include "compiler/ir/network.h"

#include <gtest/gtest.h>

#include "tests/compiler/ir/example_network.h"

namespace crossloom {
namespace {

template <class Enum>
std::string_view name_of(Enum value) {
  return enum_names(value)[static_cast<std::size_t>(value)];
}

TEST(LayerKindNames, FollowTheOrderOfTheEnumeration) {
  EXPECT_EQ(name_of(LayerKind::kInput), "input");
  EXPECT_EQ(name_of(LayerKind::kConvolution), "convolution");
  EXPECT_EQ(name_of(LayerKind::kLinear), "linear");
  EXPECT_EQ(name_of(LayerKind::kMaxPool), "max_pool");
  EXPECT_EQ(name_of(LayerKind::kAveragePool), "average_pool");
  EXPECT_EQ(name_of(LayerKind::kGlobalAveragePool), "global_average_pool");
  EXPECT_EQ(name_of(LayerKind::kActivation), "activation");
  EXPECT_EQ(name_of(LayerKind::kAdd), "add");
  EXPECT_EQ(name_of(LayerKind::kMultiply), "multiply");
  EXPECT_EQ(name_of(LayerKind::kConcat), "concat");
  EXPECT_EQ(name_of(LayerKind::kFlatten), "flatten");
  EXPECT_EQ(name_of(LayerKind::kSubtract), "subtract");
  EXPECT_EQ(name_of(LayerKind::kDivide), "divide");
  EXPECT_EQ(name_of(LayerKind::kSlice), "slice");
  EXPECT_EQ(name_of(LayerKind::kChannelShuffle), "channel_shuffle");
  EXPECT_EQ(name_of(LayerKind::kPad), "pad");
  EXPECT_EQ(name_of(LayerKind::kBatchNorm), "batch_norm");
  EXPECT_EQ(name_of(LayerKind::kLocalResponseNorm), "local_response_norm");
}

TEST(ActivationNames, FollowTheOrderOfTheEnumeration) {
  EXPECT_EQ(name_of(Activation::kNone), "none");
  EXPECT_EQ(name_of(Activation::kRelu), "relu");
  EXPECT_EQ(name_of(Activation::kRelu6), "relu6");
  EXPECT_EQ(name_of(Activation::kLeakyRelu), "leaky_relu");
  EXPECT_EQ(name_of(Activation::kHardSwish), "hard_swish");
  EXPECT_EQ(name_of(Activation::kHardSigmoid), "hard_sigmoid");
  EXPECT_EQ(name_of(Activation::kSigmoid), "sigmoid");
  EXPECT_EQ(name_of(Activation::kSilu), "silu");
  EXPECT_EQ(name_of(Activation::kTanh), "tanh");
  EXPECT_EQ(name_of(Activation::kSoftmax), "softmax");
  EXPECT_EQ(name_of(Activation::kLogSoftmax), "log_softmax");
}

TEST(InputShapeOf, IsTheOutputShapeOfTheOperand) {
  const Network network = infer_shapes(network_of({3, 8, 8}) + convolution("a", 4, 1) + convolution("b", 5, 3) +
                                       plain("pool", LayerKind::kGlobalAveragePool, {1}) +
                                       plain("join", LayerKind::kConcat, {3, 3}) + plain("tail", LayerKind::kFlatten, {4}) +
                                       plain("pixels", LayerKind::kFlatten, {2}) + plain("all", LayerKind::kConcat, {5, 6}));
  EXPECT_EQ(input_shape_of(network, network.layers.back(), 0), (TensorShape{8, 1, 1}));
  EXPECT_EQ(input_shape_of(network, network.layers.back(), 1), (TensorShape{5 * 6 * 6, 1, 1}));
}

TEST(LayerError, SaysWhichLayer) {
  const LayerError error("conv1", "kernel too large");
  EXPECT_STREQ(error.what(), "layer conv1: kernel too large");
  EXPECT_EQ(error.layer(), "conv1");
  EXPECT_EQ(error.problem(), "kernel too large");
}

}  // namespace
}  // namespace crossloom
