#include <gtest/gtest.h>

#include "compiler/ir/network.h"
#include "tests/compiler/ir/example_network.h"

namespace crossloom {
namespace {

/// 0 a signed image, 1 its ReLU.
Network signed_and_unsigned() { return network_of({4, 8, 8}) + activation("positive", Activation::kRelu); }

bool is_signed(const Network& network, const Layer& layer) {
  const Network full = infer_shapes(network + layer);
  return has_signed_output(full, full.layers.back());
}

TEST(SignedOutput, OfTheImageIsWhatTheNetworkSays) {
  Network network = network_of({4, 8, 8});
  EXPECT_TRUE(has_signed_output(network, network.layers[0]));
  network.has_signed_input = false;
  EXPECT_FALSE(has_signed_output(network, network.layers[0]));
}

TEST(SignedOutput, OfAConvolutionIsThatOfItsActivation) {
  for (const Activation function :
       {Activation::kRelu, Activation::kRelu6, Activation::kHardSigmoid, Activation::kSigmoid, Activation::kSoftmax,
        Activation::kNone, Activation::kLeakyRelu, Activation::kHardSwish, Activation::kSilu, Activation::kTanh}) {
    Layer conv = convolution("conv", 4, 1);
    conv.activation = function;
    const bool reaches_below_zero = function == Activation::kNone || function == Activation::kLeakyRelu ||
                                    function == Activation::kHardSwish || function == Activation::kSilu ||
                                    function == Activation::kTanh;
    EXPECT_EQ(is_signed(signed_and_unsigned(), conv), reaches_below_zero) << static_cast<int>(function);
  }
}

TEST(SignedOutput, OfALogarithmIsSignedWhateverItReads) {
  Network network = network_of({4, 8, 8}) + activation("log", Activation::kLogSoftmax);
  network.has_signed_input = false;
  EXPECT_TRUE(has_signed_output(network, network.layers[1]));
  EXPECT_TRUE(signed_outputs(network)[1]);
}

TEST(SignedOutput, OfWeightsIsSignedWhateverTheyRead) {
  EXPECT_TRUE(is_signed(signed_and_unsigned(), convolution("conv", 4, 1)));
  EXPECT_TRUE(is_signed(signed_and_unsigned(), linear("fc", 4)));
  EXPECT_TRUE(is_signed(signed_and_unsigned(), plain("norm", LayerKind::kBatchNorm)));
}

TEST(SignedOutput, OfADifferenceIsSignedWhateverItReads) {
  EXPECT_TRUE(is_signed(signed_and_unsigned(), plain("sub", LayerKind::kSubtract, {1, 1})));
}

TEST(SignedOutput, OfLayersThatMoveOrAverageIsThatOfTheirInput) {
  Layer slice = plain("slice", LayerKind::kSlice);
  slice.num_output_channels = 2;
  Layer norm = plain("norm", LayerKind::kLocalResponseNorm);
  norm.num_neighbour_channels = 5;
  for (Layer layer : {plain("max", LayerKind::kMaxPool), plain("mean", LayerKind::kAveragePool),
                      plain("gap", LayerKind::kGlobalAveragePool), plain("flat", LayerKind::kFlatten),
                      plain("shuffle", LayerKind::kChannelShuffle), plain("pad", LayerKind::kPad), slice, norm}) {
    layer.inputs = {0};
    EXPECT_TRUE(is_signed(network_of({4, 8, 8}), layer)) << layer.name;
    layer.inputs = {1};
    EXPECT_FALSE(is_signed(signed_and_unsigned(), layer)) << layer.name;
  }
}

TEST(SignedOutput, OfSumsProductsQuotientsAndConcatenationsNeedsOneSignedOperand) {
  for (const LayerKind kind : {LayerKind::kAdd, LayerKind::kMultiply, LayerKind::kDivide, LayerKind::kConcat}) {
    EXPECT_TRUE(is_signed(signed_and_unsigned(), plain("join", kind, {1, 0})));
    EXPECT_FALSE(is_signed(signed_and_unsigned(), plain("join", kind, {1, 1})));
  }
}

TEST(SignedOutput, OfAnActivationThatKeepsTheSignIsThatOfItsInput) {
  EXPECT_FALSE(is_signed(signed_and_unsigned(), activation("act", Activation::kHardSwish, {1})));
  EXPECT_TRUE(is_signed(network_of({4, 8, 8}), activation("act", Activation::kHardSwish, {0})));
}

TEST(SignedOutput, OfASumWithReluIsUnsigned) {
  Layer sum = plain("sum", LayerKind::kAdd, {0, 1});
  sum.activation = Activation::kRelu;
  EXPECT_FALSE(is_signed(signed_and_unsigned(), sum));
}

TEST(SignedOutput, OfAThousandDoublingsIsFoundInOnePass) {
  Network network = network_of({4, 8, 8});
  network.has_signed_input = false;
  for (std::int64_t i = 0; i < 1000; ++i) network = std::move(network) + plain("sum", LayerKind::kAdd, {i, i});
  EXPECT_FALSE(has_signed_output(network, network.layers.back()));
  EXPECT_EQ(signed_outputs(network), std::vector<bool>(1001, false));
}

}  // namespace
}  // namespace crossloom
