#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/network.h"

namespace crossloom {

/// Labelled images of one shape, a byte a value.
struct ImageSet {
  std::string source;               ///< file or folder they come from, or how they were made
  TensorShape shape;                ///< of one image
  std::int64_t num_classes = 0;     ///< labels are 0 to num_classes - 1
  std::vector<std::uint8_t> bytes;  ///< image after image, in CHW order
  std::vector<std::uint8_t> labels;
  friend bool operator==(const ImageSet&, const ImageSet&) = default;

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
  [[nodiscard]] std::span<const std::uint8_t> image(std::int64_t index) const {
    const auto count = static_cast<std::size_t>(shape.num_values());
    return {bytes.data() + static_cast<std::size_t>(index) * count, count};
  }
};

/// Images to calibrate on and images to score.
struct ImageData {
  ImageSet train;
  ImageSet test;
  friend bool operator==(const ImageData&, const ImageData&) = default;
};

/// How the bytes of an image become the network's input, a channel each: (byte / 255 x scale - mean) / deviation.
struct PixelNormalization {
  double scale = 1.0;                  ///< 255: raw bytes
  std::vector<double> mean = {};       ///< one a channel, or one for all; empty: 0
  std::vector<double> deviation = {};  ///< likewise; empty: 1
  friend bool operator==(const PixelNormalization&, const PixelNormalization&) = default;
};

/// One image as network input, in CHW order. Throws UserError when there are several means or deviations but not one a channel.
[[nodiscard]] std::vector<double> normalized_image(const ImageSet& images, std::int64_t index,
                                                   const PixelNormalization& normalization);

}  // namespace crossloom
