#include "accuracy/synthetic_images.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/random_stream.h"

namespace crossloom {
namespace {

constexpr TensorShape kShape = {.channels = 3, .height = 32, .width = 32};

void append_image(std::uint64_t seed, std::uint64_t set, std::int64_t index, ImageSet& images) {
  constexpr double kMiddle = 127.5;
  constexpr double kNoise = 24.0;
  constexpr double kLargest = 255.0;
  const std::int64_t label = index % kNumSyntheticClasses;
  const Grating grating = synthetic_grating(label);
  RandomStream random(
      seed, {.purpose = RandomPurpose::kImages, .layer = set, .crossbar = 0, .trial = static_cast<std::uint64_t>(index)});
  const double phase = 2.0 * std::numbers::pi * random.next_uniform();
  const double contrast = 30.0 + 30.0 * random.next_uniform();
  images.labels.push_back(static_cast<std::uint8_t>(label));
  for (std::int64_t channel = 0; channel < kShape.channels; ++channel) {
    const double tint = 0.5 + 0.5 * random.next_uniform();
    for (std::int64_t row = 0; row < kShape.height; ++row) {
      for (std::int64_t col = 0; col < kShape.width; ++col) {
        const double angle =
            grating.radians_per_row * static_cast<double>(row) + grating.radians_per_col * static_cast<double>(col) + phase;
        const double value = kMiddle + contrast * tint * std::sin(angle) + kNoise * random.next_normal();
        images.bytes.push_back(static_cast<std::uint8_t>(std::clamp(std::rint(value), 0.0, kLargest)));
      }
    }
  }
}

ImageSet image_set(std::int64_t count, std::uint64_t seed, std::uint64_t set) {
  ImageSet images{.source = "synthetic", .shape = kShape, .num_classes = kNumSyntheticClasses, .bytes = {}, .labels = {}};
  for (std::int64_t index = 0; index < count; ++index) append_image(seed, set, index, images);
  return images;
}

}  // namespace

Grating synthetic_grating(std::int64_t label) {
  constexpr std::int64_t kOrientations = 5;
  const double wavelength = label < kOrientations ? 8.0 : 4.0;
  const double frequency = 2.0 * std::numbers::pi / wavelength;
  const double direction = std::numbers::pi * static_cast<double>(label % kOrientations) / static_cast<double>(kOrientations);
  return {.radians_per_row = frequency * std::sin(direction), .radians_per_col = frequency * std::cos(direction)};
}

ImageData synthetic_images(std::int64_t num_train, std::int64_t num_test, std::uint64_t seed) {
  return {.train = image_set(num_train, seed, 0), .test = image_set(num_test, seed, 1)};
}

}  // namespace crossloom
