#pragma once

#include <cstdint>

#include "accuracy/image_set.h"

namespace crossloom {

/// Grating of a class: wave vector in radians a pixel.
struct Grating {
  double radians_per_row = 0.0;
  double radians_per_col = 0.0;
};
inline constexpr std::int64_t kNumSyntheticClasses = 10;
/// Classes 0 to 4: five orientations at a wavelength of 8 pixels; 5 to 9: the same at 4 pixels.
[[nodiscard]] Grating synthetic_grating(std::int64_t label);

/// Images of CIFAR-10's shape made up without any data: a sine grating of the class in random phase, contrast and tint, with
/// normal noise. Because of the random phase all classes have the same mean image, so a linear classifier does not see them
/// (it stays near chance), while a convolution with a pair of filters in quadrature does (Adelson, Bergen, "Spatiotemporal
/// energy models", J. Opt. Soc. Am. A, 1985). Labels go round. Image i depends on `seed`, the set and i alone.
[[nodiscard]] ImageData synthetic_images(std::int64_t num_train, std::int64_t num_test, std::uint64_t seed);

}  // namespace crossloom
