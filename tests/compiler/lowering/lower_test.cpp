#include "compiler/lowering/lower.h"

#include <gtest/gtest.h>

#include "tests/compiler/example_layers.h"

namespace crossloom {
namespace {

LoweredNetwork lowered(const Network& network) { return lower(infer_shapes(network)); }

/// The operation of that name.
Operation operation_of(const LoweredNetwork& network, const std::string& name) {
  for (const LoweredOperation& step : network.operations) {
    if (step.operation.name == name) return step.operation;
  }
  ADD_FAILURE() << "no operation " << name;
  return {};
}

std::vector<std::string> names(const LoweredNetwork& network) {
  std::vector<std::string> all;
  for (const LoweredOperation& step : network.operations) all.push_back(step.operation.name);
  return all;
}

TEST(Lower, TurnsAConvolutionIntoItsIm2colMatrix) {
  const LoweredNetwork network = lowered(network_of({3, 8, 8}) + convolution("conv", 16, 3, 2, 1));
  ASSERT_EQ(network.matrices.size(), 1U);
  EXPECT_EQ(network.matrices[0], (WeightMatrix{.layer = "conv",
                                               .mapping = MappingKind::kIm2col,
                                               .num_input_channels = 3,
                                               .num_output_channels = 16,
                                               .kernel_height = 3,
                                               .kernel_width = 3,
                                               .num_groups = 1,
                                               .rows = 27,
                                               .cols = 16}));
  const Operation conv = operation_of(network, "conv");
  EXPECT_EQ(conv.kind, OperationKind::kCrossbar);
  EXPECT_EQ(conv.num_windows(), 16);  // (8 + 2 - 3) / 2 + 1 = 4 squared
  EXPECT_EQ(conv.num_macs, 27 * 16);
  EXPECT_EQ(conv.num_unit_operations, 16);  // requantize
}

TEST(Lower, TurnsADepthwiseConvolutionIntoColumnsOnTheRowsOfOneGroup) {
  const LoweredNetwork network = lowered(network_of({6, 8, 8}) + depthwise("conv", 6, 3));
  const WeightMatrix& matrix = network.matrices.at(0);
  EXPECT_EQ(matrix.mapping, MappingKind::kGroupedColumns);
  EXPECT_EQ(matrix.rows, 9);
  EXPECT_EQ(matrix.cols, 6);
  EXPECT_EQ(operation_of(network, "conv").num_macs, 9 * 6);
}

TEST(Lower, TurnsALinearLayerIntoAMatrixOfAllValues) {
  const LoweredNetwork network = lowered(network_of({2, 3, 4}) + plain("flat", LayerKind::kFlatten) + linear("fc", 5));
  EXPECT_EQ(network.matrices.at(0).rows, 24);
  EXPECT_EQ(network.matrices.at(0).cols, 5);
  EXPECT_EQ(operation_of(network, "fc").num_windows(), 1);
  EXPECT_EQ(names(network), (std::vector<std::string>{"image", "fc", "output"}));
}

TEST(Lower, CountsTheMacsOfTheNetwork) {
  const Network network = infer_shapes(network_of({3, 9, 9}) + convolution("a", 8, 3, 2, 1) + depthwise("b", 8, 3, 1, 1) +
                                       max_pool("p", 2, 2) + linear("c", 10));
  std::int64_t macs = 0;
  for (const LoweredOperation& step : lower(network).operations) macs += step.operation.num_macs * step.operation.num_windows();
  EXPECT_EQ(macs, num_macs(network));
}

TEST(Lower, FusesAnActivationIntoItsOnlyProducer) {
  const LoweredNetwork network = lowered(network_of({3, 4, 4}) + convolution("conv", 8, 1) +
                                         activation("swish", Activation::kHardSwish) + max_pool("pool", 2, 2));
  EXPECT_EQ(names(network), (std::vector<std::string>{"image", "conv", "pool", "output"}));
  EXPECT_EQ(operation_of(network, "conv").num_unit_operations, 8 * (1 + 3));
  EXPECT_EQ(operation_of(network, "pool").inputs.at(0).operation, 1);
}

TEST(Lower, KeepsAnActivationWhoseInputOthersRead) {
  const LoweredNetwork network = lowered(network_of({3, 4, 4}) + convolution("conv", 8, 1) +
                                         activation("relu", Activation::kRelu) + plain("sum", LayerKind::kAdd, {1, 2}));
  const Operation relu = operation_of(network, "relu");
  EXPECT_EQ(relu.kind, OperationKind::kVector);
  EXPECT_EQ(relu.num_input_values, 8);
  EXPECT_EQ(relu.num_unit_operations, 8);
  EXPECT_EQ(operation_of(network, "sum").num_unit_operations, 8);
  EXPECT_EQ(operation_of(network, "sum").num_input_values, 16);
}

TEST(Lower, KeepsAnActivationOfTheImage) {
  const LoweredNetwork network = lowered(network_of({3, 4, 4}) + activation("relu", Activation::kRelu));
  EXPECT_EQ(names(network), (std::vector<std::string>{"image", "relu", "output"}));
}

TEST(Lower, GivesAnActivationOnAConcatenationAnOperation) {
  Layer concat = plain("both", LayerKind::kConcat, {1, 2});
  concat.activation = Activation::kRelu;
  const LoweredNetwork network =
      lowered(network_of({3, 4, 4}) + convolution("a", 8, 1) + reading(convolution("b", 4, 1), {0}) + concat);
  const Operation both = operation_of(network, "both");
  EXPECT_EQ(both.inputs.size(), 2U);
  EXPECT_EQ(both.num_input_values, 12);
  EXPECT_EQ(both.num_unit_operations, 12);
}

TEST(Lower, CountsAPoolingOperationForEachValueOfTheKernel) {
  const LoweredNetwork network =
      lowered(network_of({5, 6, 6}) + max_pool("max", 3, 1) + plain("mean", LayerKind::kGlobalAveragePool));
  EXPECT_EQ(operation_of(network, "max").num_unit_operations, 9 * 5);
  EXPECT_EQ(operation_of(network, "max").num_input_values, 9 * 5);
  EXPECT_EQ(operation_of(network, "mean").num_unit_operations, 16 * 5);  // of a 4x4 image
  EXPECT_EQ(operation_of(network, "mean").num_input_values, 16 * 5);
  EXPECT_EQ(operation_of(network, "mean").num_windows(), 1);
}

TEST(Lower, ScalesByOneVectorWithOneMultiplicationAValue) {
  const LoweredNetwork network =
      lowered(network_of({4, 5, 5}) + convolution("a", 4, 1) + plain("pool", LayerKind::kGlobalAveragePool) +
              plain("scale", LayerKind::kMultiply, {1, 2}));
  const Operation scale = operation_of(network, "scale");
  EXPECT_EQ(scale.num_unit_operations, 4);
  EXPECT_EQ(scale.num_input_values, 8);
  EXPECT_EQ(scale.inputs.at(1).row_step, 0);
  EXPECT_EQ(scale.inputs.at(1).col_step, 0);
}

TEST(Lower, CropAsksForThePixelsInsideTheMargin) {
  Layer crop = plain("crop", LayerKind::kCrop);
  crop.window = {.pad_top = 2, .pad_left = 1, .pad_bottom = 0, .pad_right = 3};
  const Operation operation = operation_of(lowered(network_of({4, 5, 6}) + convolution("a", 4, 1) + crop), "crop");
  EXPECT_EQ(operation.output_height, 3);
  EXPECT_EQ(operation.output_width, 2);
  ASSERT_EQ(operation.inputs.size(), 1U);
  EXPECT_EQ(operation.inputs[0].row_offset, 2);
  EXPECT_EQ(operation.inputs[0].col_offset, 1);
}

TEST(Lower, ReorderWaitsForTheWholeImageAndReadsEachValueOnce) {
  Layer reorder = plain("reorder", LayerKind::kReorder);
  reorder.given_shape = {8, 3, 5};
  const Operation operation = operation_of(lowered(network_of({4, 5, 6}) + convolution("a", 4, 1) + reorder), "reorder");
  ASSERT_EQ(operation.inputs.size(), 1U);
  EXPECT_EQ(operation.inputs[0].num_rows, 5);
  EXPECT_EQ(operation.inputs[0].num_cols, 6);
  EXPECT_EQ(operation.num_input_values, 8);  // 120 values for 15 windows
  EXPECT_EQ(operation.num_unit_operations, 8);
}

TEST(Lower, VectorOperationOfEqualHeightAndWidthGoesPixelByPixel) {
  Layer unknown = plain("unknown", LayerKind::kVectorOperation);
  unknown.given_shape = {7, 5, 6};
  const Operation operation = operation_of(lowered(network_of({4, 5, 6}) + convolution("a", 4, 1) + unknown), "unknown");
  EXPECT_EQ(operation.inputs.at(0).num_rows, 1);
  EXPECT_EQ(operation.num_input_values, 4);
  EXPECT_EQ(operation.num_unit_operations, 7);
}

TEST(Lower, KnowsWhichCrossbarInputsCanBeNegative) {
  Network network = network_of({3, 6, 6}) + convolution("a", 4, 1) + activation("relu", Activation::kRelu) +
                    convolution("b", 4, 1) + convolution("c", 4, 1);
  const LoweredNetwork with_negative_image = lowered(network);
  EXPECT_TRUE(operation_of(with_negative_image, "a").has_signed_inputs);
  EXPECT_FALSE(operation_of(with_negative_image, "b").has_signed_inputs);
  EXPECT_TRUE(operation_of(with_negative_image, "c").has_signed_inputs);
  network.has_signed_input = false;
  EXPECT_FALSE(operation_of(lowered(network), "a").has_signed_inputs);
}

TEST(Lower, ReadsOnlyTheSlicedChannels) {
  const LoweredNetwork network =
      lowered(network_of({8, 2, 2}) + convolution("a", 8, 1) + slice("half", 4, 4) + max_pool("pool", 2, 2));
  EXPECT_EQ(operation_of(network, "pool").num_input_values, 4 * 4);
}

TEST(Lower, SlicesAFlattenedImageByWholeChannels) {
  const LoweredNetwork network = lowered(network_of({4, 2, 3}) + convolution("a", 4, 1) + plain("flat", LayerKind::kFlatten) +
                                         slice("half", 6, 12) + activation("relu", Activation::kRelu));
  EXPECT_EQ(operation_of(network, "relu").num_input_values, 12);
}

TEST(Lower, EndsInTheShapeOfTheLastLayer) {
  const LoweredNetwork network = lowered(network_of({3, 4, 6}) + convolution("a", 8, 3));
  const Operation& output = network.operations.back().operation;
  EXPECT_EQ(output.kind, OperationKind::kOutput);
  EXPECT_EQ(output.output_channels, 8);
  EXPECT_EQ(output.output_height, 2);
  EXPECT_EQ(output.output_width, 4);
}

}  // namespace
}  // namespace crossloom
