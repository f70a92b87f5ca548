#include <gtest/gtest.h>

#include "tests/compiler/import/onnx/model_builder.h"

namespace crossloom {
namespace {

TEST(OnnxViews, TransposeReshapeAndSqueezeOfOnePixelMeanNothing) {
  EXPECT_EQ(outline(ModelBuilder({1, 6, 4, 4})
                        .integers("spatial", {2, 3})
                        .node("GlobalAveragePool", {"x"}, {"pool"})
                        .node("Transpose", {"pool"}, {"last"}, {integers_attribute("perm", {0, 2, 3, 1})})
                        .integers("flat", {1, -1})
                        .node("Reshape", {"last", "flat"}, {"row"})
                        .node("Softmax", {"row"}, {"y"})
                        .network()),
            "pool global_average_pool(x) 6x1x1 softmax\n");
}

TEST(OnnxViews, ImageWithChannelsInTheLastPlaceIsTakenAsItIsRead) {
  const Network network = ModelBuilder({-1, 8, 9, 3})
                              .weights("w", {4, 3, 1, 1})
                              .node("Transpose", {"x"}, {"image"}, {integers_attribute("perm", {0, 3, 1, 2})})
                              .node("Conv", {"image", "w"}, {"y"})
                              .network();
  EXPECT_EQ(network.input_shape, (TensorShape{3, 8, 9}));
  EXPECT_EQ(outline(network), "y convolution(x) 4x8x9\n");
}

TEST(OnnxViews, ReductionOfAllPixelsIsGlobalPooling) {
  for (const std::int64_t first_axis : {2, -2}) {
    EXPECT_EQ(outline(ModelBuilder({1, 6, 4, 5})
                          .node("ReduceMean", {"x"}, {"y"},
                                {integers_attribute("axes", {first_axis, 3}), integer_attribute("keepdims", 0)})
                          .network()),
              "y global_average_pool(x) 6x1x1\n");
  }
}

TEST(OnnxViews, ReductionOfAllPixelsWithChannelsInTheLastPlaceIsGlobalPooling) {
  EXPECT_EQ(outline(ModelBuilder({1, 6, 4, 5})
                        .node("Relu", {"x"}, {"relu"})
                        .node("Transpose", {"relu"}, {"last"}, {integers_attribute("perm", {0, 2, 3, 1})})
                        .node("ReduceMean", {"last"}, {"y"}, {integers_attribute("axes", {1, 2})})
                        .network()),
            "relu activation(x) 6x4x5 relu\ny global_average_pool(relu) 6x1x1\n");
}

TEST(OnnxViews, SplitMakesASliceForEachPartThatIsRead) {
  const Network network = ModelBuilder({1, 7, 4, 4})
                              .integers("sizes", {3, 2, 2})
                              .node("Split", {"x", "sizes"}, {"a", "b", "c"}, {integer_attribute("axis", 1)})
                              .node("Concat", {"c", "a"}, {"y"}, {integer_attribute("axis", -3)})
                              .network();
  EXPECT_EQ(outline(network), "a slice(x) 3x4x4\nc slice(x) 2x4x4\ny concat(c, a) 5x4x4\n");
  EXPECT_EQ(layer_of(network, "c").first_channel, 5);
}

TEST(OnnxViews, SplitWithoutSizesMakesEqualParts) {
  EXPECT_EQ(outline(ModelBuilder({1, 8, 4, 4})
                        .node("Split", {"x"}, {"a", "b"}, {integer_attribute("axis", 1)})
                        .node("Add", {"a", "b"}, {"y"})
                        .network()),
            "a slice(x) 4x4x4\nb slice(x) 4x4x4\ny add(a, b) 4x4x4\n");
}

TEST(OnnxViews, SliceOfRowsAndColumnsIsACrop) {
  const Network network = ModelBuilder({1, 2, 8, 9})
                              .integers("starts", {1, -7})
                              .integers("ends", {-2, 1000})
                              .integers("axes", {2, 3})
                              .node("Slice", {"x", "starts", "ends", "axes"}, {"y"})
                              .network();
  EXPECT_EQ(outline(network), "y crop(x) 2x5x7\n");
  const WindowAttributes margin = layer_of(network, "y").window;
  EXPECT_EQ(margin.pad_top, 1);
  EXPECT_EQ(margin.pad_bottom, 2);
  EXPECT_EQ(margin.pad_left, 2);
  EXPECT_EQ(margin.pad_right, 0);
}

TEST(OnnxViews, SliceWithStepsSubsamples) {
  const Network network = ModelBuilder({1, 2, 8, 9})
                              .integers("starts", {1})
                              .integers("ends", {8})
                              .integers("axes", {2})
                              .integers("steps", {3})
                              .node("Slice", {"x", "starts", "ends", "axes", "steps"}, {"y"})
                              .network();
  EXPECT_EQ(outline(network), "y crop(x) 2x7x9\ny_2 max_pool(y) 2x3x9\n");  // rows 1, 4, 7
}

TEST(OnnxViews, TransposedImageThatIsFlattenedIsReordered) {
  const Network network = ModelBuilder({1, 2, 3, 4})
                              .weights("w", {24, 5})
                              .node("Relu", {"x"}, {"relu"})
                              .node("Transpose", {"relu"}, {"last"}, {integers_attribute("perm", {0, 2, 3, 1})})
                              .node("Flatten", {"last"}, {"flat"})
                              .node("MatMul", {"flat", "w"}, {"y"})
                              .network();
  EXPECT_EQ(outline(network), "relu activation(x) 2x3x4 relu\nflat reorder(relu) 2x3x4\ny linear(flat) 5x1x1\n");
  EXPECT_EQ(layer_of(network, "flat").reorder, (AxisOrder{.extents = {2, 12}, .order = {1, 0}}));
}

TEST(OnnxViews, SpaceToDepthAndBackAreReorders) {
  const Network network = ModelBuilder({1, 2, 4, 6})
                              .node("SpaceToDepth", {"x"}, {"deep"}, {integer_attribute("blocksize", 2)})
                              .node("DepthToSpace", {"deep"}, {"y"}, {integer_attribute("blocksize", 2)})
                              .network();
  EXPECT_EQ(outline(network), "deep reorder(x) 8x2x3\ny reorder(deep) 2x4x6\n");
  // Channels and rows of blocks (4) x rows in a block x columns of blocks x columns in a block; what is in a block comes first
  // (ONNX operator SpaceToDepth).
  EXPECT_EQ(layer_of(network, "deep").reorder, (AxisOrder{.extents = {4, 2, 3, 2}, .order = {1, 3, 0, 2}}));
}

TEST(OnnxViews, PadWithZerosAndNegativeMargins) {
  EXPECT_EQ(
      outline(
          ModelBuilder({1, 2, 5, 5}).integers("pads", {0, 0, 1, -1, 0, 0, 2, 0}).node("Pad", {"x", "pads"}, {"y"}).network()),
      "y crop(x) 2x5x4\ny_2 pad(y) 2x8x4\n");
}

TEST(OnnxViews, PadWithAnotherValueOrModeIsNoPadWithZeros) {
  const auto padded = [] { return ModelBuilder({1, 2, 5, 5}).integers("pads", {0, 0, 1, 1, 0, 0, 1, 1}); };
  EXPECT_EQ(outline(padded().scalar("value", 1.5).node("Pad", {"x", "pads", "value"}, {"y"}).network()),
            "y vector_operation(x) 2x7x7\n");
  EXPECT_EQ(outline(padded().node("Pad", {"x", "pads"}, {"y"}, {text_attribute("mode", "reflect")}).network()),
            "y vector_operation(x) 2x7x7\n");
  EXPECT_EQ(outline(padded().scalar("value", 0).node("Pad", {"x", "pads", "value"}, {"y"}).network()), "y pad(x) 2x7x7\n");
}

TEST(OnnxViews, SeveralOutputsAreJoinedWithAWarning) {
  const NetworkFile file =
      ModelBuilder({1, 2, 3, 3}).node("Relu", {"x"}, {"a"}).node("GlobalAveragePool", {"x"}, {"b"}).outputs({"a", "b"}).file();
  EXPECT_EQ(outline(file.network),
            "a activation(x) 2x3x3 relu\nb global_average_pool(x) 2x1x1\n"
            "outputs_flat flatten(a) 18x1x1\noutputs concat(outputs_flat, b) 20x1x1\n");
  EXPECT_EQ(file.warnings, std::vector<std::string>{"2 outputs are joined into one"});
}

TEST(OnnxViews, NodesThatNoOutputNeedsAreLeftOut) {
  EXPECT_EQ(outline(ModelBuilder({1, 2, 3, 3}).node("NoSuchOperator", {"x"}, {"unused"}).node("Relu", {"x"}, {"y"}).network()),
            "y activation(x) 2x3x3 relu\n");
}

TEST(OnnxViews, NodesMayStandInAnyOrder) {
  ModelBuilder builder({1, 2, 3, 3});
  builder.node("Relu", {"pool"}, {"y"}).node("GlobalAveragePool", {"x"}, {"pool"}).outputs({"y"});
  EXPECT_EQ(outline(builder.network()), "pool global_average_pool(x) 2x1x1 relu\n");
}

}  // namespace
}  // namespace crossloom
