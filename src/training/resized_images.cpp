#include "training/resized_images.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace crossloom {
namespace {

/// Two neighbouring pixels of the image, and the share of the second.
struct Sample {
  std::int64_t first = 0;
  std::int64_t second = 0;
  double share = 0.0;
};

std::vector<Sample> samples_along(std::int64_t from, std::int64_t to) {
  std::vector<Sample> samples;
  samples.reserve(static_cast<std::size_t>(to));
  constexpr double kCentre = 0.5;
  for (std::int64_t i = 0; i < to; ++i) {
    const double at = (static_cast<double>(i) + kCentre) * static_cast<double>(from) / static_cast<double>(to) - kCentre;
    const double inside = std::clamp(at, 0.0, static_cast<double>(from - 1));
    const auto first = static_cast<std::int64_t>(inside);
    samples.push_back({first, std::min(first + 1, from - 1), inside - static_cast<double>(first)});
  }
  return samples;
}

}  // namespace

ImageSet resized(const ImageSet& images, std::int64_t height, std::int64_t width) {
  ImageSet result{.source = images.source,
                  .shape = {.channels = images.shape.channels, .height = height, .width = width},
                  .num_classes = images.num_classes,
                  .bytes = {},
                  .labels = images.labels};
  const std::vector<Sample> rows = samples_along(images.shape.height, height);
  const std::vector<Sample> cols = samples_along(images.shape.width, width);
  result.bytes.reserve(images.labels.size() * static_cast<std::size_t>(result.shape.num_values()));
  for (std::int64_t plane = 0; plane < images.size() * images.shape.channels; ++plane) {
    const std::uint8_t* pixels = images.bytes.data() + plane * images.shape.height * images.shape.width;
    for (const Sample& row : rows) {
      for (const Sample& col : cols) {
        const auto along_row = [&](std::int64_t at) {
          const std::uint8_t* line = pixels + at * images.shape.width;
          return (1.0 - col.share) * line[col.first] + col.share * line[col.second];
        };
        const double value = (1.0 - row.share) * along_row(row.first) + row.share * along_row(row.second);
        result.bytes.push_back(static_cast<std::uint8_t>(std::lround(value)));
      }
    }
  }
  return result;
}

}  // namespace crossloom
