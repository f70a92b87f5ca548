#pragma once

// Included by sources that are C++17.
#include <cstdint>

namespace crossloom {

/// A depthwise convolution of a batch; no dilation, equal paddings on opposite sides.
struct DepthwiseShape {
  std::int64_t num_images = 0;
  std::int64_t channels = 0;
  std::int64_t input_height = 0;
  std::int64_t input_width = 0;
  std::int64_t output_height = 0;
  std::int64_t output_width = 0;
  std::int64_t kernel_height = 0;
  std::int64_t kernel_width = 0;
  std::int64_t stride_height = 1;
  std::int64_t stride_width = 1;
};

/// Gradient of the weights [channels][kernel height][kernel width]: for each the sum over images and output pixels of
/// output gradient x input. Both arrays lie in N, H, W, C order; the input is padded already. One thread, sums of an image in
/// binary32. O(images x output pixels x kernel x channels), with the channels in the innermost loop.
void depthwise_weight_gradient(const DepthwiseShape& shape, const float* input, const float* output_gradient, float* gradient);

}  // namespace crossloom
