#include <gtest/gtest.h>

#include "tests/compiler/import/onnx/model_builder.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

std::string error_of(const ModelBuilder& builder, const NetworkOptions& options = {}) {
  return user_error([&] { return builder.network(options); });
}

TEST(OnnxImportErrors, UnknownOperatorIsNamedWithItsNode) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("NonMaxSuppression", {"x"}, {"y"})),
            "test.onnx: node y (NonMaxSuppression): the operator is not supported (--treat-unknown-as-vector-op goes on "
            "without its meaning)");
}

TEST(OnnxImportErrors, OperatorOfAnotherDomainIsUnknown) {
  ModelBuilder builder = ModelBuilder({1, 3, 4, 4}).node("Relu", {"x"}, {"y"});
  builder.model().nodes[0].domain = "com.example";
  EXPECT_EQ(error_of(builder).substr(0, 55), "test.onnx: node y (Relu): the operator is not supported");
}

TEST(OnnxImportErrors, SymbolicExtentsAskForAnInputShape) {
  const ModelBuilder builder = ModelBuilder({-1, 3, -1, -1}).node("Relu", {"x"}, {"y"});
  EXPECT_EQ(error_of(builder),
            "test.onnx: input x: ?x3x?x? has extents without a number, allowed: numbers (--input 1x3x224x224 settles them)");
  EXPECT_EQ(builder.network({.input_shape = TensorShape{3, 8, 9}}).input_shape, (TensorShape{3, 8, 9}));
}

TEST(OnnxImportErrors, CycleIsNamed) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Add", {"x", "b"}, {"a"}).node("Relu", {"a"}, {"b"})),
            "test.onnx: node a (Add): a cycle of nodes: a reads b reads a");
}

TEST(OnnxImportErrors, NodeThatReadsItself) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Relu", {"y"}, {"y"})),
            "test.onnx: node y (Relu): a cycle of nodes: y reads y");
}

TEST(OnnxImportErrors, ValueThatNothingMakes) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Add", {"x", "ghost"}, {"y"})),
            "test.onnx: node y (Add): its input ghost is made by no node and stored nowhere");
}

TEST(OnnxImportErrors, ValueMadeTwice) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Relu", {"x"}, {"y"}).node("Tanh", {"x"}, {"y"})),
            "test.onnx: node y (Tanh): its output y is made twice");
}

TEST(OnnxImportErrors, OutputThatNoNodeMakes) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Relu", {"x"}, {"y"}).outputs({"y", "z"})),
            "test.onnx: output z: no node makes it");
}

TEST(OnnxImportErrors, GraphThatComputesNothing) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Identity", {"x"}, {"y"})),
            "test.onnx: its output y is its input: no node computes anything");
}

TEST(OnnxImportErrors, TwoInputs) {
  ModelBuilder builder({1, 3, 4, 4});
  builder.model().inputs.push_back({.name = "x2", .dims = builder.model().inputs[0].dims});
  EXPECT_EQ(error_of(builder.node("Add", {"x", "x2"}, {"y"})), "test.onnx: inputs x and x2, allowed: one input");
}

TEST(OnnxImportErrors, WeightsLeftOutWithHugeExtents) {
  ModelBuilder builder({1, 3, 4, 4});
  builder.model().inputs.push_back({.name = "w", .dims = {{1 << 20, 3, 1 << 20, 1 << 20}}});
  EXPECT_EQ(error_of(builder.node("Conv", {"x", "w"}, {"y"})), "test.onnx: a tensor of more than 2^40 numbers");
}

TEST(OnnxImportErrors, InputOfFiveDimensions) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4, 4}).node("Relu", {"x"}, {"y"})),
            "test.onnx: input x: rank 5, allowed: 1xCxHxW, 1xCxW or 1xC");
}

TEST(OnnxImportErrors, HugeImage) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4000000, 4}).node("Relu", {"x"}, {"y"})),
            "test.onnx: input x: 1x3x4000000x4, allowed: extents of at most 1048576");
}

TEST(OnnxImportErrors, WeightsOfTheWrongRank) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).weights("w", {4, 3}).node("Conv", {"x", "w"}, {"y"})),
            "test.onnx: node y (Conv): weights of extents 4x3 for an input of rank 4");
}

TEST(OnnxImportErrors, WeightsForAnotherNumberOfChannels) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).weights("w", {4, 2, 1, 1}).node("Conv", {"x", "w"}, {"y"})),
            "test.onnx: node y (Conv): weights of extents 4x2x1x1 in 1 groups for an input of 3 channels");
}

TEST(OnnxImportErrors, GroupsThatOverflow) {
  const std::int64_t huge = std::int64_t{1} << 62;
  EXPECT_EQ(error_of(ModelBuilder({1, 4, 4, 4})
                         .weights("w", {4, 4, 1, 1})
                         .node("Conv", {"x", "w"}, {"y"}, {integer_attribute("group", huge)})),
            "test.onnx: node y (Conv): weights of extents 4x4x1x1 in 4611686018427387904 groups for an input of 4 channels");
}

TEST(OnnxImportErrors, StrideOfZero) {
  for (const char* padding : {"NOTSET", "SAME_UPPER"}) {
    EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4})
                           .weights("w", {4, 3, 1, 1})
                           .node("Conv", {"x", "w"}, {"y"},
                                 {integers_attribute("strides", {0, 1}), text_attribute("auto_pad", padding)})),
              "test.onnx: node y (Conv): stride 0, allowed: an integer from 1 to 1048576");
  }
}

TEST(OnnxImportErrors, ComputedWeights) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Relu", {"x"}, {"w"}).node("Conv", {"x", "w"}, {"y"})),
            "test.onnx: node y (Conv): input 1 (w) is computed, allowed: a constant");
}

TEST(OnnxImportErrors, ReshapeToAnotherNumberOfValues) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).integers("s", {1, 5, -1}).node("Reshape", {"x", "s"}, {"y"})),
            "test.onnx: node y (Reshape): a tensor of extents 1x3x4x4 cannot be read as 1x5x-1");
}

TEST(OnnxImportErrors, PermutationThatNamesAnAxisTwice) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Transpose", {"x"}, {"y"}, {integers_attribute("perm", {0, 1, 1, 3})})),
            "test.onnx: node y (Transpose): perm 0x1x1x3 of a tensor of rank 4");
}

TEST(OnnxImportErrors, MaskOfADropoutIsNoValue) {
  EXPECT_EQ(error_of(ModelBuilder({1, 3, 4, 4}).node("Dropout", {"x"}, {"a", "mask"}).node("Relu", {"mask"}, {"y"})),
            "test.onnx: node y (Relu): input 0 (mask) is a result that is left out, allowed: an activation");
}

TEST(OnnxImportErrors, ConstantsThatGrowWithoutEnd) {
  // Each node doubles a list: 2^13 numbers are more than a constant may have, and no operator of ours joins lists that long.
  ModelBuilder builder({1, 3, 4, 4});
  builder.integers("c0", {1, 2});
  for (int i = 0; i < 12; ++i) {
    const std::string from = "c" + std::to_string(i);
    builder.node("Concat", {from, from}, {"c" + std::to_string(i + 1)}, {integer_attribute("axis", 0)});
  }
  builder.node("Reshape", {"x", "c12"}, {"y"});
  EXPECT_EQ(error_of(builder), "test.onnx: node c12 (Concat): input 0 (c11) is a constant, allowed: an activation");
}

}  // namespace
}  // namespace crossloom
