#include "training/depthwise_gradient.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/random_stream.h"

namespace crossloom {
namespace {

std::vector<float> random_values(std::int64_t count, std::uint64_t seed) {
  RandomStream random(seed, {});
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) values.push_back(static_cast<float>(2.0 * random.next_uniform() - 1.0));
  return values;
}

/// Largest difference to sums in binary64 by the definition.
double largest_difference(const DepthwiseShape& shape) {
  const auto input = random_values(shape.num_images * shape.input_height * shape.input_width * shape.channels, 1);
  const auto output = random_values(shape.num_images * shape.output_height * shape.output_width * shape.channels, 2);
  std::vector<float> gradient(static_cast<std::size_t>(shape.channels * shape.kernel_height * shape.kernel_width), -1.0F);
  depthwise_weight_gradient(shape, input.data(), output.data(), gradient.data());
  double largest = 0.0;
  std::size_t place = 0;
  for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
    for (std::int64_t i = 0; i < shape.kernel_height; ++i) {
      for (std::int64_t j = 0; j < shape.kernel_width; ++j, ++place) {
        double sum = 0.0;
        for (std::int64_t image = 0; image < shape.num_images; ++image) {
          for (std::int64_t row = 0; row < shape.output_height; ++row) {
            for (std::int64_t col = 0; col < shape.output_width; ++col) {
              const std::int64_t in_row = image * shape.input_height + row * shape.stride_height + i;
              const std::int64_t in_col = in_row * shape.input_width + col * shape.stride_width + j;
              const std::int64_t out_col = (image * shape.output_height + row) * shape.output_width + col;
              sum += static_cast<double>(input[static_cast<std::size_t>(in_col * shape.channels + channel)]) *
                     static_cast<double>(output[static_cast<std::size_t>(out_col * shape.channels + channel)]);
            }
          }
        }
        largest = std::max(largest, std::abs(sum - static_cast<double>(gradient[place])));
      }
    }
  }
  return largest;
}

DepthwiseShape shape_of(std::int64_t channels, std::int64_t kernel, std::int64_t stride) {
  constexpr std::int64_t kOutputs = 3;
  const std::int64_t extent = (kOutputs - 1) * stride + kernel;
  return {.num_images = 2,
          .channels = channels,
          .input_height = extent,
          .input_width = extent + 1,
          .output_height = kOutputs,
          .output_width = kOutputs,
          .kernel_height = kernel,
          .kernel_width = kernel,
          .stride_height = stride,
          .stride_width = stride};
}

TEST(DepthwiseWeightGradient, IsTheSumOfItsDefinition) {
  for (const std::int64_t kernel : {1, 3, 5, 7}) {
    for (const std::int64_t channels : {1, 16, 35}) {
      for (const std::int64_t stride : {1, 2})
        EXPECT_LT(largest_difference(shape_of(channels, kernel, stride)), 1e-5) << kernel << ' ' << channels << ' ' << stride;
    }
  }
}

}  // namespace
}  // namespace crossloom
