#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "compiler/ir/network.h"
#include "tests/compiler/ir/example_network.h"

namespace crossloom {
namespace {

/// Independent oracle: walks a window along the padded pixels and counts the places where it lies inside. With `ceil_mode` it
/// may hang over the far end, as long as it starts before the padding there.
std::int64_t count_positions(std::int64_t input, std::int64_t kernel, std::int64_t stride, std::int64_t dilation,
                             std::int64_t pad_before, std::int64_t pad_after, bool ceil_mode) {
  std::int64_t count = 0;
  const std::int64_t end = input + pad_before + pad_after;
  for (std::int64_t start = 0;; start += stride) {
    const std::int64_t last_pixel = start + dilation * (kernel - 1);
    if (last_pixel < end) {
      ++count;
      continue;
    }
    // The first window past the end: PyTorch keeps it when rounding up, unless it starts in the padding behind the image.
    const bool is_first_past_end = last_pixel - stride < end - 1;
    if (ceil_mode && is_first_past_end && start < input + pad_before) ++count;
    return count;
  }
}

/// One case of `count_positions` against the shape of a pooling layer.
void expect_positions_as_counted(std::int64_t input, const WindowAttributes& window) {
  const std::int64_t expected = count_positions(input, window.kernel_height, window.stride_height, window.dilation_height,
                                                window.pad_top, window.pad_bottom, window.ceil_mode);
  Layer pool = plain("pool", LayerKind::kMaxPool);
  pool.window = window;
  const Network network = network_of({2, input, 3}) + pool;
  if (expected == 0) {
    EXPECT_THROW(static_cast<void>(infer_shapes(network)), LayerError);
    return;
  }
  EXPECT_EQ(output_shape(network), (TensorShape{2, expected, 3}))
      << "input " << input << ", kernel " << window.kernel_height << ", stride " << window.stride_height << ", dilation "
      << window.dilation_height << ", padding " << window.pad_top << " and " << window.pad_bottom;
}

/// Stride, and whether to round up.
class SlidingWindow : public testing::TestWithParam<std::tuple<std::int64_t, bool>> {};

TEST_P(SlidingWindow, HasAsManyPositionsAsCountedOneByOne) {
  WindowAttributes window{.stride_height = std::get<0>(GetParam()), .ceil_mode = std::get<1>(GetParam())};
  for (std::int64_t& kernel = window.kernel_height; kernel <= 5; ++kernel) {
    for (std::int64_t& dilation = window.dilation_height = 1; dilation <= 3; ++dilation) {
      const std::int64_t largest_pad = std::min<std::int64_t>(dilation * (kernel - 1), 3);
      for (std::int64_t& before = window.pad_top = 0; before <= largest_pad; ++before) {
        for (std::int64_t& after = window.pad_bottom = 0; after <= largest_pad; ++after) {
          for (std::int64_t input = 1; input <= 20; ++input) expect_positions_as_counted(input, window);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllSmallOnes, SlidingWindow, testing::Combine(testing::Range<std::int64_t>(1, 5), testing::Bool()));

TEST(InferShapes, TreatsHeightAndWidthApart) {
  Layer conv = convolution("conv", 5, 1);
  conv.window = {.kernel_height = 3,
                 .kernel_width = 5,
                 .stride_height = 2,
                 .stride_width = 1,
                 .dilation_height = 1,
                 .dilation_width = 2,
                 .pad_top = 1,
                 .pad_left = 0,
                 .pad_bottom = 0,
                 .pad_right = 2};
  // Rows: starts 0, 2, 4, 6 of 10 + 1 end at 2, 4, 6, 8, and 8 ends at 10: five. Columns: 20 + 2 - 8 starts.
  EXPECT_EQ(output_shape(network_of({2, 10, 20}) + conv), (TensorShape{5, 5, 14}));
}

TEST(InferShapes, ConvolutionTakesItsNumberOfChannels) {
  EXPECT_EQ(output_shape(network_of({3, 224, 224}) + convolution("conv", 64, 7, 2, 3)), (TensorShape{64, 112, 112}));
}

TEST(InferShapes, PointwiseLayersKeepTheShape) {
  const Network image = network_of({6, 5, 4});
  Layer shuffle = plain("shuffle", LayerKind::kChannelShuffle);
  shuffle.num_groups = 3;
  Layer norm = plain("norm", LayerKind::kLocalResponseNorm);
  norm.num_neighbour_channels = 5;
  EXPECT_EQ(output_shape(image + activation("relu", Activation::kRelu)), (TensorShape{6, 5, 4}));
  EXPECT_EQ(output_shape(image + plain("norm", LayerKind::kBatchNorm)), (TensorShape{6, 5, 4}));
  EXPECT_EQ(output_shape(image + shuffle), (TensorShape{6, 5, 4}));
  EXPECT_EQ(output_shape(image + norm), (TensorShape{6, 5, 4}));
}

TEST(InferShapes, GlobalAveragePoolLeavesOnePixel) {
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + plain("pool", LayerKind::kGlobalAveragePool)), (TensorShape{6, 1, 1}));
}

TEST(InferShapes, FlattenAndLinearTakeEveryValue) {
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + plain("flat", LayerKind::kFlatten)), (TensorShape{120, 1, 1}));
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + linear("fc", 7)), (TensorShape{7, 1, 1}));
}

TEST(InferShapes, ElementWiseOperandsOfEqualShapeKeepIt) {
  for (const LayerKind kind : {LayerKind::kAdd, LayerKind::kMultiply, LayerKind::kSubtract, LayerKind::kDivide})
    EXPECT_EQ(output_shape(network_of({6, 5, 4}) + plain("join", kind, {0, 0})), (TensorShape{6, 5, 4}));
}

TEST(InferShapes, AddTakesMoreThanTwoOperands) {
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + plain("join", LayerKind::kAdd, {0, 0, 0})), (TensorShape{6, 5, 4}));
}

TEST(InferShapes, ChannelVectorScalesAnImage) {
  const Network image = network_of({6, 5, 4}) + plain("pool", LayerKind::kGlobalAveragePool);
  for (const LayerKind kind : {LayerKind::kMultiply, LayerKind::kSubtract, LayerKind::kDivide})
    EXPECT_EQ(output_shape(image + plain("scale", kind, {0, 1})), (TensorShape{6, 5, 4}));
  EXPECT_EQ(output_shape(image + plain("scale", LayerKind::kMultiply, {1, 0})), (TensorShape{6, 5, 4}));
}

TEST(InferShapes, ExtentsOfOneAreRepeatedInEveryOperand) {
  Layer first = plain("first", LayerKind::kSlice, {0});
  first.num_output_channels = 1;
  const Network image = network_of({6, 5, 4}) + first;  // 1x5x4
  const Network with_mean = image + plain("pool", LayerKind::kGlobalAveragePool, {0});
  for (const LayerKind kind : {LayerKind::kAdd, LayerKind::kMultiply, LayerKind::kSubtract, LayerKind::kDivide}) {
    EXPECT_EQ(output_shape(image + plain("join", kind, {1, 0})), (TensorShape{6, 5, 4}));
    EXPECT_EQ(output_shape(with_mean + plain("join", kind, {2, 1})), (TensorShape{6, 5, 4}));
  }
}

TEST(InferShapes, CropTakesFromEachSide) {
  Layer crop = plain("crop", LayerKind::kCrop);
  crop.window = {.pad_top = 1, .pad_left = 2, .pad_bottom = 3, .pad_right = 1};
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + crop), (TensorShape{6, 1, 1}));
}

TEST(InferShapes, ReorderAndVectorOperationTakeTheGivenShape) {
  for (const LayerKind kind : {LayerKind::kReorder, LayerKind::kVectorOperation}) {
    Layer layer = plain("given", kind);
    layer.given_shape = {3, 4, 10};
    EXPECT_EQ(output_shape(network_of({6, 5, 4}) + layer), (TensorShape{3, 4, 10}));
  }
}

TEST(InferShapes, ConcatAddsChannels) {
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + convolution("more", 10, 1) + plain("join", LayerKind::kConcat, {0, 1, 0})),
            (TensorShape{22, 5, 4}));
}

TEST(InferShapes, SliceTakesTheLastChannels) {
  Layer slice = plain("slice", LayerKind::kSlice);
  slice.first_channel = 4;
  slice.num_output_channels = 2;
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + slice), (TensorShape{2, 5, 4}));
}

TEST(InferShapes, PadAddsToEachSide) {
  Layer pad = plain("pad", LayerKind::kPad);
  pad.window = {.pad_top = 1, .pad_left = 2, .pad_bottom = 3, .pad_right = 4};
  EXPECT_EQ(output_shape(network_of({6, 5, 4}) + pad), (TensorShape{6, 9, 10}));
}

TEST(InferShapes, IsUnchangedByASecondRun) {
  const Network once = infer_shapes(network_of({3, 32, 32}) + convolution("conv", 8, 3, 2, 1) + linear("fc", 10));
  EXPECT_EQ(infer_shapes(once), once);
}

}  // namespace
}  // namespace crossloom
