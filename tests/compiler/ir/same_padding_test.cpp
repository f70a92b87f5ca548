#include "compiler/ir/same_padding.h"

#include <gtest/gtest.h>

#include "tests/compiler/ir/example_network.h"

namespace crossloom {
namespace {

TEST(SamePadding, PutsTheOddPixelBelowAndToTheRight) {
  const WindowAttributes window{.kernel_height = 3, .kernel_width = 3, .stride_height = 2, .stride_width = 2};
  const WindowAttributes padded = with_same_padding(window, {.channels = 3, .height = 96, .width = 97});
  // 96: 48 windows reach pixel 96, one too far. 97: 49 windows reach pixel 98 of a pixel before and one after.
  EXPECT_EQ(padded.pad_top, 0);
  EXPECT_EQ(padded.pad_bottom, 1);
  EXPECT_EQ(padded.pad_left, 1);
  EXPECT_EQ(padded.pad_right, 1);
}

TEST(SamePadding, IsNeverNegative) {
  const WindowAttributes window{.stride_height = 4, .stride_width = 4};
  EXPECT_EQ(with_same_padding(window, {.channels = 1, .height = 9, .width = 10}), window);
}

TEST(SamePadding, GivesTheInputDividedByTheStrideRoundedUp) {
  for (std::int64_t input = 1; input <= 12; ++input) {
    for (std::int64_t kernel = 1; kernel <= 6; ++kernel) {
      for (std::int64_t stride = 1; stride <= 4; ++stride) {
        for (std::int64_t dilation = 1; dilation <= 3; ++dilation) {
          Layer conv = convolution("conv", 1, kernel, stride);
          conv.window.dilation_height = conv.window.dilation_width = dilation;
          conv.window = with_same_padding(conv.window, {.channels = 1, .height = input, .width = input});
          const std::int64_t extent = input / stride + (input % stride == 0 ? 0 : 1);
          EXPECT_EQ(output_shape(network_of({1, input, input}) + conv), (TensorShape{1, extent, extent}));
        }
      }
    }
  }
}

}  // namespace
}  // namespace crossloom
