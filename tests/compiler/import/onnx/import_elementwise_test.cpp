#include <gtest/gtest.h>

#include "tests/compiler/import/onnx/model_builder.h"

namespace crossloom {
namespace {

TEST(OnnxElementwise, ScaleAndShiftAChannelJoinTheConvolution) {
  const NetworkFile file = ModelBuilder({1, 1, 2, 2})
                               .weights("w", {3, 1, 1, 1}, 8)
                               .weights("m", {3, 1, 1}, 2)
                               .weights("d", {1, 3, 1, 1}, 4)
                               .scalar("s", 5)
                               .node("Conv", {"x", "w"}, {"conv"})
                               .node("Sub", {"conv", "m"}, {"centred"})
                               .node("Div", {"centred", "d"}, {"scaled"})
                               .node("Add", {"scaled", "s"}, {"y"})
                               .file();
  EXPECT_EQ(outline(file.network), "conv convolution(x) 3x2x2\n");
  const FoldedWeights folded = file.weights.load_folded("conv");
  EXPECT_EQ(folded.weights, std::vector<float>(3, 2.0F));
  EXPECT_EQ(folded.bias, std::vector<float>(3, -0.5F + 5.0F));
}

TEST(OnnxElementwise, NormalizationOfTheImageIsALayer) {
  const Network network = ModelBuilder({1, 3, 4, 4})
                              .weights("mean", {1, 3, 1, 1})
                              .scalar("scale", 255)
                              .node("Sub", {"x", "mean"}, {"centred"})
                              .node("Div", {"centred", "scale"}, {"y"})
                              .network();
  EXPECT_EQ(outline(network), "centred batch_norm(x) 3x4x4\n");
}

TEST(OnnxElementwise, ConstantImageIsAVectorOperation) {
  EXPECT_EQ(outline(ModelBuilder({1, 3, 4, 4}).weights("c", {3, 4, 4}).node("Add", {"x", "c"}, {"y"}).network()),
            "y vector_operation(x) 3x4x4\n");
}

TEST(OnnxElementwise, SumOfThreeIsOneLayer) {
  EXPECT_EQ(outline(ModelBuilder({1, 3, 4, 4})
                        .node("Relu", {"x"}, {"a"})
                        .node("Sigmoid", {"x"}, {"b"})
                        .node("Sum", {"a", "b", "x"}, {"y"})
                        .network()),
            "a activation(x) 3x4x4 relu\nb activation(x) 3x4x4 sigmoid\ny add(a, b, x) 3x4x4\n");
}

TEST(OnnxElementwise, OperandsBroadcast) {
  EXPECT_EQ(outline(ModelBuilder({1, 3, 4, 5})
                        .node("ReduceMean", {"x"}, {"gate"}, {integers_attribute("axes", {1})})
                        .node("Mul", {"gate", "x"}, {"y"})
                        .network()),
            "gate vector_operation(x) 1x4x5\ny multiply(gate, x) 3x4x5\n");
}

TEST(OnnxElementwise, TransposedOperandsAreComputedWhereTheyLie) {
  const std::vector<std::int64_t> last{0, 2, 3, 1};
  const std::vector<std::int64_t> first{0, 3, 1, 2};
  EXPECT_EQ(outline(ModelBuilder({1, 3, 4, 5})
                        .node("Relu", {"x"}, {"a"})
                        .node("Transpose", {"x"}, {"xt"}, {integers_attribute("perm", last)})
                        .node("Transpose", {"a"}, {"at"}, {integers_attribute("perm", last)})
                        .node("Add", {"xt", "at"}, {"sum"})
                        .node("Transpose", {"sum"}, {"y"}, {integers_attribute("perm", first)})
                        .network()),
            "a activation(x) 3x4x5 relu\nsum add(x, a) 3x4x5\n");
}

TEST(OnnxElementwise, DropoutCastAndQuantizationPassValuesOn) {
  EXPECT_EQ(outline(ModelBuilder({1, 3, 4, 4})
                        .scalar("s", 0.1)
                        .node("Dropout", {"x"}, {"a", "mask"})
                        .node("Cast", {"a"}, {"b"}, {integer_attribute("to", 1)})
                        .node("QuantizeLinear", {"b", "s"}, {"c"})
                        .node("DequantizeLinear", {"c", "s"}, {"d"})
                        .node("Identity", {"d"}, {"e"})
                        .node("Relu", {"e"}, {"y"})
                        .network()),
            "y activation(x) 3x4x4 relu\n");
}

TEST(OnnxElementwise, LocalResponseNormKeepsItsConstants) {
  const Layer norm = layer_of(ModelBuilder({1, 8, 4, 4})
                                  .node("LRN", {"x"}, {"y"},
                                        {integer_attribute("size", 5), real_attribute("alpha", 0.5),
                                         real_attribute("beta", 0.25), real_attribute("bias", 2)})
                                  .network(),
                              "y");
  EXPECT_EQ(norm.num_neighbour_channels, 5);
  EXPECT_EQ(norm.local_response, (LocalResponse{.alpha = 0.5F, .beta = 0.25F, .bias = 2.0F}));
}

TEST(OnnxElementwise, PaddingThatCountsInTheMeanIsKept) {
  const std::vector<OnnxAttribute> window{integers_attribute("kernel_shape", {3, 3}),
                                          integer_attribute("count_include_pad", 1)};
  std::vector<OnnxAttribute> padded = window;
  padded.push_back(integers_attribute("pads", {1, 1, 1, 1}));
  EXPECT_FALSE(
      layer_of(ModelBuilder({1, 2, 5, 5}).node("AveragePool", {"x"}, {"y"}, window).network(), "y").window.counts_padding);
  EXPECT_TRUE(
      layer_of(ModelBuilder({1, 2, 5, 5}).node("AveragePool", {"x"}, {"y"}, padded).network(), "y").window.counts_padding);
}

TEST(OnnxElementwise, NumbersOfTheFileAreNotLearned) {
  const Network network = ModelBuilder({1, 3, 4, 4})
                              .scalar("half", 0.5)
                              .scalar("scale", 255)
                              .node("Div", {"x", "scale"}, {"scaled"})
                              .node("Sub", {"scaled", "half"}, {"y"})
                              .network();
  EXPECT_EQ(outline(network), "scaled vector_operation(x) 3x4x4\n");
  EXPECT_EQ(num_parameters(network), 0);
}

TEST(OnnxElementwise, NormalizationOverChannelsInTheLastPlaceStaysPixelByPixel) {
  const std::vector<std::int64_t> last{0, 2, 3, 1};
  EXPECT_EQ(outline(ModelBuilder({1, 3, 4, 5})
                        .weights("gain", {3})
                        .node("Relu", {"x"}, {"a"})
                        .node("Transpose", {"a"}, {"t"}, {integers_attribute("perm", last)})
                        .node("ReduceMean", {"t"}, {"mean"}, {integers_attribute("axes", {-1})})
                        .node("Sub", {"t", "mean"}, {"centred"})
                        .node("Mul", {"centred", "gain"}, {"y"})
                        .network()),
            "a activation(x) 3x4x5 relu\nmean vector_operation(a) 1x4x5\n"
            "centred subtract(a, mean) 3x4x5\ny batch_norm(centred) 3x4x5\n");
}

}  // namespace
}  // namespace crossloom
