#include <gtest/gtest.h>

#include "compiler/lowering/lower.h"
#include "tests/compiler/example_layers.h"
#include "tests/compiler/lowering/pixel_oracle.h"

namespace crossloom {
namespace {

PixelLabels pixels_asked_for(const LoweredNetwork& lowered, const Operation& operation, std::int64_t y, std::int64_t x) {
  PixelLabels labels;
  for (const OperationInput& input : operation.inputs) {
    const Operation& producer = lowered.operations[static_cast<std::size_t>(input.operation)].operation;
    for (std::int64_t i = 0; i < input.num_rows; ++i) {
      for (std::int64_t j = 0; j < input.num_cols; ++j) {
        const std::int64_t row = y * input.row_step + input.row_offset + i * input.row_dilation;
        const std::int64_t col = x * input.col_step + input.col_offset + j * input.col_dilation;
        if (row >= 0 && row < producer.output_height && col >= 0 && col < producer.output_width)
          labels.insert({producer.name, row, col});
      }
    }
  }
  return labels;
}

void expect_exact_dependencies(const Network& unshaped) {
  const Network network = infer_shapes(unshaped);
  const LoweredNetwork lowered = lower(network);
  auto needed = pixels_needed(network);
  needed["output"] = pixels_of_output(network);
  for (const LoweredOperation& step : lowered.operations) {
    const Operation& operation = step.operation;
    for (std::int64_t window = 0; window < operation.num_windows(); ++window) {
      const std::int64_t y = window / operation.output_width;
      const std::int64_t x = window % operation.output_width;
      EXPECT_EQ(pixels_asked_for(lowered, operation, y, x), needed.at(operation.name).at(static_cast<std::size_t>(window)))
          << operation.name << " at row " << y << ", column " << x;
    }
  }
}

TEST(OperationInputs, OfPaddedStridedConvolutionsAndPoolingAreThePixelsUnderTheKernel) {
  for (std::int64_t kernel = 1; kernel <= 4; ++kernel) {
    for (std::int64_t stride = 1; stride <= 3; ++stride) {
      for (std::int64_t padding = 0; padding < kernel; ++padding)
        expect_exact_dependencies(network_of({2, 9, 7}) + convolution("conv", 3, kernel, stride, padding) +
                                  max_pool("pool", 2, 2));
    }
  }
}

TEST(OperationInputs, OfAnUnevenDilatedKernelAreThePixelsUnderIt) {
  Layer layer = convolution("conv", 2, 1);
  layer.window = {.kernel_height = 3,
                  .kernel_width = 2,
                  .stride_height = 2,
                  .stride_width = 1,
                  .dilation_height = 2,
                  .dilation_width = 3,
                  .pad_top = 1,
                  .pad_left = 2,
                  .pad_bottom = 3,
                  .pad_right = 0};
  expect_exact_dependencies(network_of({1, 8, 9}) + layer);
}

TEST(OperationInputs, OfCeilModePoolingLeaveOutWhatHangsOver) {
  Layer pool = max_pool("pool", 3, 2);
  pool.window.ceil_mode = true;
  expect_exact_dependencies(network_of({2, 8, 6}) + pool);
}

TEST(OperationInputs, GoThroughNestedConcatenations) {
  expect_exact_dependencies(network_of({3, 6, 6}) + convolution("a", 2, 3, 1, 1) + reading(convolution("b", 4, 1), {0}) +
                            reading(convolution("c", 1, 3, 1, 1), {0}) + plain("inner", LayerKind::kConcat, {1, 2}) +
                            plain("outer", LayerKind::kConcat, {4, 3}) + convolution("d", 2, 3, 2, 1));
}

TEST(OperationInputs, OfALastConcatenationAreItsBranches) {
  expect_exact_dependencies(network_of({3, 4, 5}) + convolution("a", 2, 3, 1, 1) + reading(convolution("b", 4, 1), {0}) +
                            plain("both", LayerKind::kConcat, {1, 2}));
}

TEST(OperationInputs, OfAConcatenationOfOneLayerTwiceAreThoseOfACopy) {
  const LoweredNetwork lowered = lower(infer_shapes(network_of({2, 3, 3}) + convolution("a", 2, 1) +
                                                    plain("twice", LayerKind::kConcat, {1, 1}) + convolution("b", 2, 3)));
  const Operation& copy = lowered.operations.at(2).operation;
  EXPECT_EQ(copy.name, "twice");
  EXPECT_EQ(copy.kind, OperationKind::kVector);
  EXPECT_EQ(copy.inputs.size(), 1U);
  EXPECT_EQ(copy.num_unit_operations, 4);
  EXPECT_EQ(lowered.operations.at(3).operation.inputs.at(0).operation, 2);
}

TEST(OperationInputs, OfALinearLayerAreAllPixelsWithOrWithoutFlatten) {
  expect_exact_dependencies(network_of({2, 3, 4}) + convolution("a", 2, 1) + linear("b", 5));
  expect_exact_dependencies(network_of({2, 3, 4}) + convolution("a", 2, 1) + plain("flat", LayerKind::kFlatten) +
                            linear("b", 5));
  expect_exact_dependencies(network_of({2, 3, 4}) + convolution("a", 2, 1) + plain("flat", LayerKind::kFlatten));
}

TEST(OperationInputs, OfFlattenedOperandsAreAllPixels) {
  expect_exact_dependencies(network_of({2, 3, 4}) + convolution("a", 2, 1) + plain("flat_a", LayerKind::kFlatten) +
                            reading(convolution("b", 2, 1), {0}) + plain("flat_b", LayerKind::kFlatten) +
                            plain("sum", LayerKind::kAdd, {2, 4}) + linear("c", 3));
}

TEST(OperationInputs, OfSqueezeAndExciteAreTheImageThenOneVector) {
  expect_exact_dependencies(network_of({4, 5, 5}) + depthwise("a", 4, 3, 1, 1) + plain("pool", LayerKind::kGlobalAveragePool) +
                            convolution("squeeze", 2, 1) + convolution("excite", 4, 1) +
                            plain("scale", LayerKind::kMultiply, {1, 4}) + convolution("project", 3, 1));
}

TEST(OperationInputs, OfAResidualAreTheOwnPixelsOfBothBranches) {
  expect_exact_dependencies(network_of({3, 6, 4}) + convolution("a", 3, 3, 1, 1) + convolution("b", 3, 3, 1, 1) +
                            plain("sum", LayerKind::kAdd, {2, 1}) + convolution("c", 2, 3, 2, 1));
}

TEST(OperationInputs, GoThroughSlicesAndShuffles) {
  Layer shuffle = plain("shuffle", LayerKind::kChannelShuffle);
  shuffle.num_groups = 2;
  expect_exact_dependencies(network_of({3, 5, 5}) + convolution("a", 4, 3) + reading(convolution("b", 4, 3), {0}) +
                            plain("both", LayerKind::kConcat, {1, 2}) + reading(slice("left", 0, 4), {3}) +
                            reading(slice("right", 2, 6), {3}) + reading(convolution("c", 2, 1), {4}) +
                            reading(convolution("d", 2, 3, 1, 1), {5}) + plain("join", LayerKind::kConcat, {6, 7}) + shuffle);
}

TEST(OperationInputs, OfAPaddedImageAreShifted) {
  expect_exact_dependencies(network_of({3, 5, 6}) + convolution("a", 2, 1) + pad("pad", 1, 2, 0, 1) +
                            convolution("b", 2, 3, 2, 0) + plain("pool", LayerKind::kGlobalAveragePool));
}

TEST(OperationInputs, OfAnOperandThatStandsTwiceAreAskedForOnce) {
  const LoweredNetwork lowered =
      lower(infer_shapes(network_of({3, 4, 4}) + convolution("a", 2, 1) + plain("double", LayerKind::kAdd, {1, 1})));
  const Operation& sum = lowered.operations[2].operation;
  EXPECT_EQ(sum.inputs.size(), 1U);
  EXPECT_EQ(sum.num_input_values, 4);  // 2 channels, read as first and as second operand
}

}  // namespace
}  // namespace crossloom
