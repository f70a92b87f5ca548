#include "accuracy/image_set.h"

#include <fmt/format.h>

#include "support/error.h"

namespace crossloom {
namespace {

double of_channel(const std::vector<double>& values, std::int64_t channel, double otherwise) {
  if (values.empty()) return otherwise;
  return values.size() == 1 ? values.front() : values[static_cast<std::size_t>(channel)];
}

void require_one_a_channel(const std::vector<double>& values, std::int64_t num_channels, const char* what) {
  if (values.size() <= 1 || static_cast<std::int64_t>(values.size()) == num_channels) return;
  throw UserError(fmt::format("{}: {} values, allowed: 1 or {}, one a channel", what, values.size(), num_channels));
}

}  // namespace

std::vector<double> normalized_image(const ImageSet& images, std::int64_t index, const PixelNormalization& normalization) {
  require_one_a_channel(normalization.mean, images.shape.channels, "mean of the pixels");
  require_one_a_channel(normalization.deviation, images.shape.channels, "standard deviation of the pixels");
  constexpr double kLargestByte = 255.0;
  const std::span<const std::uint8_t> bytes = images.image(index);
  const std::int64_t num_pixels = images.shape.height * images.shape.width;
  std::vector<double> result;
  result.reserve(bytes.size());
  for (std::int64_t channel = 0; channel < images.shape.channels; ++channel) {
    const double mean = of_channel(normalization.mean, channel, 0.0);
    const double deviation = of_channel(normalization.deviation, channel, 1.0);
    for (const std::uint8_t byte : bytes.subspan(result.size(), static_cast<std::size_t>(num_pixels))) {
      result.push_back((static_cast<double>(byte) / kLargestByte * normalization.scale - mean) / deviation);
    }
  }
  return result;
}

}  // namespace crossloom
