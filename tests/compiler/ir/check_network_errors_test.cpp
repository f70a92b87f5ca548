#include <gtest/gtest.h>

#include "compiler/ir/network.h"
#include "tests/compiler/ir/example_network.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string error_of(const Network& network) {
  return user_error([&] {
    check_network(network);
    return 0;
  });
}

const Network kImage = network_of({3, 8, 8});

TEST(CheckNetworkErrors, NoLayers) {
  EXPECT_EQ(error_of(Network{.name = "empty"}), "network empty: allowed: an input layer first, then at least one other");
}

TEST(CheckNetworkErrors, NothingButTheInput) {
  EXPECT_EQ(error_of(kImage), "network example: allowed: an input layer first, then at least one other");
}

TEST(CheckNetworkErrors, FirstLayerIsNotTheInput) {
  Network network = kImage + linear("fc", 2);
  network.layers.erase(network.layers.begin());
  EXPECT_EQ(error_of(network), "network example: allowed: an input layer first, then at least one other");
}

TEST(CheckNetworkErrors, SecondInput) {
  EXPECT_EQ(error_of(kImage + plain("other", LayerKind::kInput)), "layer other: a second input, allowed: one");
}

TEST(CheckNetworkErrors, NameUsedTwice) {
  EXPECT_EQ(error_of(kImage + linear("fc", 2) + linear("fc", 2)), "layer fc: the name is used twice");
}

TEST(CheckNetworkErrors, EmptyName) { EXPECT_EQ(error_of(kImage + linear("", 2)), "layer : layer 1 has an empty name"); }

TEST(CheckNetworkErrors, InputOfItself) {
  EXPECT_EQ(error_of(kImage + plain("loop", LayerKind::kFlatten, {1})),
            "layer loop: input 1 of layer 1, allowed: an earlier layer");
}

TEST(CheckNetworkErrors, NegativeInput) {
  EXPECT_EQ(error_of(kImage + plain("flat", LayerKind::kFlatten, {-1})),
            "layer flat: input -1 of layer 1, allowed: an earlier layer");
}

TEST(CheckNetworkErrors, AddOfOneOperand) {
  EXPECT_EQ(error_of(kImage + plain("sum", LayerKind::kAdd, {0})), "layer sum: 1 input, allowed for add: 2 or more");
}

TEST(CheckNetworkErrors, ProductOfThreeOperands) {
  EXPECT_EQ(error_of(kImage + plain("scale", LayerKind::kMultiply, {0, 0, 0})),
            "layer scale: 3 inputs, allowed for multiply: 2");
}

TEST(CheckNetworkErrors, LayerWithoutInput) {
  Network network = kImage + linear("fc", 2);
  network.layers.back().inputs.clear();
  EXPECT_EQ(error_of(network), "layer fc: 0 inputs, allowed for linear: 1");
}

TEST(CheckNetworkErrors, LayerNobodyReads) {
  EXPECT_EQ(error_of(kImage + linear("lost", 2) + Layer{.name = "fc", .kind = LayerKind::kFlatten, .inputs = {0}}),
            "layer lost: nothing reads its output, and the output of the network is fc");
}

TEST(CheckNetworkErrors, ZeroStride) {
  EXPECT_EQ(error_of(kImage + convolution("conv", 8, 3, 0)), "layer conv: stride 0, allowed: an integer from 1 to 1048576");
}

TEST(CheckNetworkErrors, ZeroKernel) {
  EXPECT_EQ(error_of(kImage + convolution("conv", 8, 0)), "layer conv: kernel height 0, allowed: an integer from 1 to 1048576");
}

TEST(CheckNetworkErrors, ZeroDilation) {
  Layer conv = convolution("conv", 8, 3);
  conv.window.dilation_width = 0;
  EXPECT_EQ(error_of(kImage + conv), "layer conv: dilation 0, allowed: an integer from 1 to 1048576");
}

TEST(CheckNetworkErrors, NegativePadding) {
  EXPECT_EQ(error_of(kImage + convolution("conv", 8, 3, 1, -1)),
            "layer conv: padding -1, allowed: an integer from 0 to 1048576");
}

TEST(CheckNetworkErrors, NoOutputChannels) {
  EXPECT_EQ(error_of(kImage + convolution("conv", 0, 3)), "layer conv: channels 0, allowed: an integer from 1 to 1048576");
  EXPECT_EQ(error_of(kImage + linear("fc", 0)), "layer fc: channels 0, allowed: an integer from 1 to 1048576");
}

TEST(CheckNetworkErrors, HugeNumberOfChannels) {
  EXPECT_EQ(error_of(kImage + linear("fc", std::int64_t{1} << 62)),
            "layer fc: channels 4611686018427387904, allowed: an integer from 1 to 1048576");
}

TEST(CheckNetworkErrors, NoGroups) {
  Layer conv = convolution("conv", 8, 3);
  conv.num_groups = 0;
  EXPECT_EQ(error_of(kImage + conv), "layer conv: groups 0, allowed: an integer from 1 to 1048576");
  Layer shuffle = plain("shuffle", LayerKind::kChannelShuffle);
  shuffle.num_groups = 0;
  EXPECT_EQ(error_of(kImage + shuffle), "layer shuffle: groups 0, allowed: an integer from 1 to 1048576");
}

TEST(CheckNetworkErrors, SliceFromBeforeTheFirstChannel) {
  Layer slice = plain("slice", LayerKind::kSlice);
  slice.first_channel = -1;
  EXPECT_EQ(error_of(kImage + slice), "layer slice: first channel -1, allowed: an integer from 0 to 1048576");
}

TEST(CheckNetworkErrors, LocalResponseNormOfNoChannels) {
  EXPECT_EQ(error_of(kImage + plain("norm", LayerKind::kLocalResponseNorm)),
            "layer norm: neighbour channels 0, allowed: an integer from 1 to 1048576");
}

TEST(CheckNetworkErrors, PoolingWindowWithinThePadding) {
  Layer pool = plain("pool", LayerKind::kAveragePool);
  pool.window = {.kernel_height = 2, .kernel_width = 2, .pad_top = 2};
  EXPECT_EQ(error_of(kImage + pool), "layer pool: padding as wide as the pooling window 2x2, allowed: less");
}

TEST(CheckNetworkErrors, BiasWithoutWeights) {
  Layer pool = plain("pool", LayerKind::kGlobalAveragePool);
  pool.has_bias = true;
  EXPECT_EQ(error_of(kImage + pool), "layer pool: bias or folded batch norm in a layer of kind global_average_pool");
}

TEST(CheckNetworkErrors, BatchNormWithoutWeights) {
  Layer pool = plain("pool", LayerKind::kGlobalAveragePool);
  pool.has_batch_norm = true;
  EXPECT_EQ(error_of(kImage + pool), "layer pool: bias or folded batch norm in a layer of kind global_average_pool");
}

TEST(CheckNetworkErrors, ConvolutionThatRoundsUp) {
  Layer conv = convolution("conv", 8, 3);
  conv.window.ceil_mode = true;
  EXPECT_EQ(error_of(kImage + conv), "layer conv: ceil mode in a layer of kind convolution, allowed: pooling");
}

TEST(CheckNetworkErrors, ActivationLayerWithoutActivation) {
  EXPECT_EQ(error_of(kImage + plain("act", LayerKind::kActivation)), "layer act: an activation layer without an activation");
}

TEST(CheckNetworkErrors, ActivationAtTheInput) {
  Network network = kImage + linear("fc", 2);
  network.layers.front().activation = Activation::kRelu;
  EXPECT_EQ(error_of(network), "layer image: an activation at the input");
}

TEST(CheckNetworkErrors, SoundNetworkHasNone) { EXPECT_EQ(error_of(kImage + linear("fc", 2)), "(no error)"); }

TEST(CheckNetworkErrors, OrderThatNamesAnAxisTwice) {
  Layer reorder = plain("reorder", LayerKind::kReorder);
  reorder.given_shape = {.channels = 3, .height = 8, .width = 8};
  reorder.reorder = {.extents = {3, 64}, .order = {1, 1}};
  EXPECT_EQ(error_of(kImage + reorder), "layer reorder: axis 1 in the order, allowed: each of 0 to 1 once");
}

TEST(CheckNetworkErrors, SlopeOfAnActivationWithoutOne) {
  Layer relu = activation("relu", Activation::kRelu);
  relu.activation_slope = 0.1F;
  EXPECT_EQ(error_of(kImage + relu), "layer relu: a slope, allowed: with leaky_relu or hard_sigmoid");
}

}  // namespace
}  // namespace crossloom
