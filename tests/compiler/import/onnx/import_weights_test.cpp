#include <gtest/gtest.h>

#include "tests/compiler/import/onnx/model_builder.h"

namespace crossloom {
namespace {

TEST(OnnxConv, HasTheShapeOfItsWeightsAndAttributes) {
  const Network network = ModelBuilder({1, 4, 9, 11})
                              .weights("w", {6, 2, 3, 1})
                              .weights("b", {6})
                              .node("Conv", {"x", "w", "b"}, {"y"},
                                    {integer_attribute("group", 2), integers_attribute("strides", {2, 1}),
                                     integers_attribute("dilations", {2, 1}), integers_attribute("pads", {1, 0, 2, 3})})
                              .network();
  EXPECT_EQ(outline(network), "y convolution(x) 6x4x14\n");  // (9 + 3 - 4 - 1) / 2 + 1, 11 + 3
  const Layer conv = layer_of(network, "y");
  EXPECT_EQ(conv.num_groups, 2);
  EXPECT_TRUE(conv.has_bias);
  EXPECT_EQ(conv.window.pad_bottom, 2);
  EXPECT_EQ(conv.window.pad_right, 3);
}

TEST(OnnxConv, SamePaddingPutsTheOddPixelWhereItsNameSays) {
  for (const char* padding : {"SAME_UPPER", "SAME_LOWER"}) {
    const Layer conv = layer_of(
        ModelBuilder({1, 1, 8, 8})
            .weights("w", {1, 1, 3, 3})
            .node("Conv", {"x", "w"}, {"y"}, {text_attribute("auto_pad", padding), integers_attribute("strides", {2, 2})})
            .network(),
        "y");
    // 4 windows of 3 at a stride of 2 span 9 pixels: one more than there are.
    const bool is_upper = std::string(padding) == "SAME_UPPER";
    EXPECT_EQ(conv.window.pad_top, is_upper ? 0 : 1);
    EXPECT_EQ(conv.window.pad_bottom, is_upper ? 1 : 0);
    EXPECT_EQ(conv.output_shape, (TensorShape{1, 4, 4}));
  }
}

TEST(OnnxConv, InOneDimensionSlidesAlongTheWidth) {
  const Network network = ModelBuilder({1, 4, 20})
                              .weights("w", {8, 4, 5})
                              .node("Conv", {"x", "w"}, {"y"}, {integers_attribute("pads", {2, 2})})
                              .network();
  EXPECT_EQ(outline(network), "y convolution(x) 8x1x20\n");
}

TEST(OnnxGemm, ReadsAFlattenedImageWithoutALayerOfItsOwn) {
  const Network network = ModelBuilder({1, 3, 4, 5})
                              .weights("w", {7, 60})
                              .weights("b", {7})
                              .node("Flatten", {"x"}, {"flat"})
                              .node("Gemm", {"flat", "w", "b"}, {"y"}, {integer_attribute("transB", 1)})
                              .network();
  EXPECT_EQ(outline(network), "y linear(x) 7x1x1\n");
  EXPECT_TRUE(layer_of(network, "y").has_bias);
}

TEST(OnnxGemm, FactorsScaleTheWeightsAndTheBias) {
  const NetworkFile file = ModelBuilder({1, 2})
                               .weights("w", {2, 3}, 5)
                               .weights("b", {3}, 7)
                               .node("Gemm", {"x", "w", "b"}, {"y"}, {real_attribute("alpha", 0.5), real_attribute("beta", 3)})
                               .file();
  const FoldedWeights folded = file.weights.load_folded("y");
  EXPECT_EQ(folded.weights, std::vector<float>(6, 2.5F));
  EXPECT_EQ(folded.bias, std::vector<float>(3, 21.0F));
}

TEST(OnnxMatMul, WithASumIsALinearLayerWithABias) {
  const NetworkFile file = ModelBuilder({1, 60})
                               .weights("w", {60, 7}, 2)
                               .weights("b", {7}, 3)
                               .node("MatMul", {"x", "w"}, {"product"})
                               .node("Add", {"product", "b"}, {"y"})
                               .node("Relu", {"y"}, {"z"})
                               .file();
  EXPECT_EQ(outline(file.network), "product linear(x) 7x1x1 relu\n");
  EXPECT_TRUE(layer_of(file.network, "product").has_bias);
  const FoldedWeights folded = file.weights.load_folded("product");
  EXPECT_EQ(folded.weights, std::vector<float>(420, 2.0F));
  EXPECT_EQ(folded.bias, std::vector<float>(7, 3.0F));
}

TEST(OnnxMatMul, OverChannelsInTheLastPlaceIsAPointwiseConvolution) {
  const Network network = ModelBuilder({1, 4, 6, 5})
                              .weights("w", {4, 9})
                              .node("Transpose", {"x"}, {"last"}, {integers_attribute("perm", {0, 2, 3, 1})})
                              .node("MatMul", {"last", "w"}, {"product"})
                              .node("Transpose", {"product"}, {"first"}, {integers_attribute("perm", {0, 3, 1, 2})})
                              .node("Relu", {"first"}, {"y"})
                              .network();
  EXPECT_EQ(outline(network), "product convolution(x) 9x6x5 relu\n");
}

TEST(OnnxBatchNormalization, FoldsIntoTheConvolutionBefore) {
  const NetworkFile file =
      ModelBuilder({1, 1, 2, 2})
          .weights("w", {2, 1, 1, 1}, 3)
          .weights("b", {2}, 5)
          .weights("scale", {2}, 4)
          .weights("shift", {2}, 7)
          .weights("mean", {2}, 1)
          .weights("variance", {2}, 4)
          .node("Conv", {"x", "w", "b"}, {"y"})
          .node("BatchNormalization", {"y", "scale", "shift", "mean", "variance"}, {"z"}, {real_attribute("epsilon", 0)})
          .file();
  EXPECT_EQ(outline(file.network), "y convolution(x) 2x2x2\n");
  EXPECT_TRUE(layer_of(file.network, "y").has_batch_norm);
  const FoldedWeights folded = file.weights.load_folded("y");
  EXPECT_EQ(folded.weights, std::vector<float>(2, 6.0F));             // 3 * 4 / sqrt(4)
  EXPECT_EQ(folded.bias, std::vector<float>(2, (5 - 1) * 2.0F + 7));  // (b - mean) * 4 / sqrt(4) + shift
}

TEST(OnnxBatchNormalization, StandsWhereTheConvolutionIsReadByOthers) {
  const Network network = ModelBuilder({1, 2, 2, 2})
                              .weights("w", {2, 2, 1, 1})
                              .weights("c", {2})
                              .node("Conv", {"x", "w"}, {"y"})
                              .node("BatchNormalization", {"y", "c", "c", "c", "c"}, {"z"})
                              .node("Add", {"y", "z"}, {"sum"})
                              .network();
  EXPECT_EQ(outline(network), "y convolution(x) 2x2x2\nz batch_norm(y) 2x2x2\nsum add(y, z) 2x2x2\n");
}

TEST(OnnxDequantizeLinear, GivesTheWeightsTheirScale) {
  ModelBuilder builder({1, 1, 2, 2});
  builder.model().initializers.emplace_back(
      "q", StoredTensor{.dims = {2, 1, 1, 1}, .type = ElementType::kInt8, .integers = {10, -6}});
  builder.model().initializers.emplace_back("scale",
                                            StoredTensor{.dims = {2}, .type = ElementType::kFloat32, .reals = {0.5, 0.25}});
  builder.model().initializers.emplace_back("zero", StoredTensor{.dims = {2}, .type = ElementType::kInt8, .integers = {2, 2}});
  const NetworkFile file = builder.scalar("s", 0.1)
                               .node("QuantizeLinear", {"x", "s"}, {"xq"})
                               .node("DequantizeLinear", {"xq", "s"}, {"xd"})
                               .node("DequantizeLinear", {"q", "scale", "zero"}, {"w"}, {integer_attribute("axis", 0)})
                               .node("Conv", {"xd", "w"}, {"y"})
                               .file();
  EXPECT_EQ(outline(file.network), "y convolution(x) 2x2x2\n");
  EXPECT_EQ(file.weights.load_folded("y").weights, (std::vector<float>{4.0F, -2.0F}));
}

TEST(OnnxWeights, ComputedInTheGraphHaveAShapeWithoutNumbers) {
  const NetworkFile file = ModelBuilder({1, 1, 2, 2})
                               .weights("v", {2, 1, 1, 1})
                               .weights("g", {2, 1, 1, 1})
                               .node("Mul", {"v", "g"}, {"w"})
                               .node("Conv", {"x", "w"}, {"y"})
                               .file();
  EXPECT_EQ(outline(file.network), "y convolution(x) 2x2x2\n");
  EXPECT_FALSE(file.weights.has_weights("y"));
}

TEST(OnnxWeights, LeftOutOfTheFileAreInputsOfTheGraph) {
  ModelBuilder builder({1, 3, 8, 8});
  for (const auto& [name, dims] : std::vector<std::pair<std::string, std::vector<std::optional<std::int64_t>>>>{
           {"w", {{4, 3, 3, 3}}}, {"b", {{4}}}, {"scale", {{4}}}, {"matrix", {{144, 10}}}, {"shift", {{10}}}})
    builder.model().inputs.push_back({.name = name, .dims = dims});
  const NetworkFile file = builder.node("Conv", {"x", "w", "b"}, {"conv"})
                               .node("BatchNormalization", {"conv", "scale", "scale", "scale", "scale"}, {"norm"})
                               .node("Flatten", {"norm"}, {"flat"})
                               .node("MatMul", {"flat", "matrix"}, {"product"})
                               .node("Add", {"product", "shift"}, {"y"})
                               .file();
  EXPECT_EQ(outline(file.network), "conv convolution(x) 4x6x6\nproduct linear(conv) 10x1x1\n");
  EXPECT_TRUE(layer_of(file.network, "product").has_bias);
  EXPECT_FALSE(file.weights.has_weights("conv"));
  EXPECT_EQ(file.warnings, std::vector<std::string>{"the numbers of 5 weights are not in the file"});
}

}  // namespace
}  // namespace crossloom
