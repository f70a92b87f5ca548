#include "training/depthwise_gradient.h"

#include <algorithm>
#include <array>
#include <vector>

namespace crossloom {
namespace {

/// Channels done together: their sums stay in registers while the pixels pass.
constexpr std::int64_t kLanes = 16;

struct PixelStrides {
  std::int64_t input_row;
  std::int64_t output_row;
  std::int64_t input_step;  ///< from one output pixel's input to the next's
};

/// One row of the output against one kernel row, kLanes channels: sums[kernel column][channel].
template <std::int64_t KernelWidth>
void add_row(const float* input, const float* gradient, std::int64_t output_width, const PixelStrides& strides,
             std::int64_t channels, float* sums) {
  std::array<float, static_cast<std::size_t>(KernelWidth * kLanes)> local = {};
  for (std::int64_t col = 0; col < output_width; ++col) {
    const float* pixel_gradient = gradient + col * channels;
    const float* pixel = input + col * strides.input_step;
    for (std::int64_t j = 0; j < KernelWidth; ++j) {
      for (std::int64_t lane = 0; lane < kLanes; ++lane)
        local[static_cast<std::size_t>(j * kLanes + lane)] += pixel_gradient[lane] * pixel[j * channels + lane];
    }
  }
  for (std::size_t i = 0; i < local.size(); ++i) sums[i] += local[i];
}

/// Any kernel width and number of channels.
void add_row_of_any(const float* input, const float* gradient, const DepthwiseShape& shape, const PixelStrides& strides,
                    std::int64_t num_lanes, float* sums) {
  for (std::int64_t col = 0; col < shape.output_width; ++col) {
    const float* pixel_gradient = gradient + col * shape.channels;
    const float* pixel = input + col * strides.input_step;
    for (std::int64_t j = 0; j < shape.kernel_width; ++j) {
      for (std::int64_t lane = 0; lane < num_lanes; ++lane)
        sums[j * kLanes + lane] += pixel_gradient[lane] * pixel[j * shape.channels + lane];
    }
  }
}

}  // namespace

void depthwise_weight_gradient(const DepthwiseShape& shape, const float* input, const float* output_gradient, float* gradient) {
  const PixelStrides strides{shape.input_width * shape.channels, shape.output_width * shape.channels,
                             shape.stride_width * shape.channels};
  const std::int64_t kernel_size = shape.kernel_height * shape.kernel_width;
  std::vector<float> sums(static_cast<std::size_t>(kernel_size * kLanes));
  for (std::int64_t channel = 0; channel < shape.channels; channel += kLanes) {
    const std::int64_t num_lanes = std::min(kLanes, shape.channels - channel);
    std::fill(sums.begin(), sums.end(), 0.0F);
    for (std::int64_t image = 0; image < shape.num_images; ++image) {
      for (std::int64_t row = 0; row < shape.output_height; ++row) {
        const float* row_gradient = output_gradient + (image * shape.output_height + row) * strides.output_row + channel;
        for (std::int64_t i = 0; i < shape.kernel_height; ++i) {
          const std::int64_t input_row = image * shape.input_height + row * shape.stride_height + i;
          const float* row_input = input + input_row * strides.input_row + channel;
          float* row_sums = sums.data() + i * shape.kernel_width * kLanes;
          if (num_lanes == kLanes && shape.kernel_width == 3) {
            add_row<3>(row_input, row_gradient, shape.output_width, strides, shape.channels, row_sums);
          } else if (num_lanes == kLanes && shape.kernel_width == 5) {
            add_row<5>(row_input, row_gradient, shape.output_width, strides, shape.channels, row_sums);
          } else if (num_lanes == kLanes && shape.kernel_width == 7) {
            add_row<7>(row_input, row_gradient, shape.output_width, strides, shape.channels, row_sums);
          } else {
            add_row_of_any(row_input, row_gradient, shape, strides, num_lanes, row_sums);
          }
        }
      }
    }
    for (std::int64_t lane = 0; lane < num_lanes; ++lane) {
      for (std::int64_t tap = 0; tap < kernel_size; ++tap)
        gradient[(channel + lane) * kernel_size + tap] = sums[static_cast<std::size_t>(tap * kLanes + lane)];
    }
  }
}

}  // namespace crossloom
