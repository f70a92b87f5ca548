#pragma once

#include <cstdint>

#include "accuracy/image_set.h"

namespace crossloom {

/// The images with other extents, by bilinear interpolation between pixel centres, rounded to bytes; beyond the outermost
/// centres a pixel is that at the edge.
[[nodiscard]] ImageSet resized(const ImageSet& images, std::int64_t height, std::int64_t width);

}  // namespace crossloom
