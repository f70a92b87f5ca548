#include "training/training_images.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "support/error.h"
#include "support/json.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

/// Sets of draws beside those of synthetic images, which are 0 and 1.
enum : std::uint64_t { kSplitDraws = 2, kOrderDraws = 3, kAugmentationDraws = 4 };

RandomStream draws(std::uint64_t seed, std::uint64_t set, std::int64_t epoch, std::int64_t place) {
  return {seed,
          {.purpose = RandomPurpose::kImages,
           .layer = set,
           .crossbar = static_cast<std::uint64_t>(epoch),
           .trial = static_cast<std::uint64_t>(place)}};
}

void permute(std::vector<std::int64_t>& places, RandomStream random) {
  for (std::size_t i = places.size(); i > 1; --i) std::swap(places[i - 1], places[random.next_below(i)]);
}

/// What each byte of a channel becomes.
std::vector<float> byte_values(const PixelNormalization& normalization, std::int64_t channel) {
  const auto of_channel = [channel](const std::vector<double>& values, double otherwise) {
    if (values.empty()) return otherwise;
    return values.size() == 1 ? values.front() : values[static_cast<std::size_t>(channel)];
  };
  constexpr int kLargestByte = 255;
  std::vector<float> result;
  result.reserve(kLargestByte + 1);
  for (int byte = 0; byte <= kLargestByte; ++byte) {
    const double pixel = static_cast<double>(byte) / static_cast<double>(kLargestByte) * normalization.scale;
    result.push_back(
        static_cast<float>((pixel - of_channel(normalization.mean, 0.0)) / of_channel(normalization.deviation, 1.0)));
  }
  return result;
}

LabelledBatch batch_of(const ImageSet& images, std::span<const std::int64_t> places,
                       std::span<const Augmentation> augmentations, const PixelNormalization& normalization) {
  LabelledBatch batch{.shape = images.shape};
  batch.pixels.resize(places.size() * static_cast<std::size_t>(images.shape.num_values()));
  batch.labels.reserve(places.size());
  for (const std::int64_t place : places) batch.labels.push_back(images.labels[static_cast<std::size_t>(place)]);
  write_batch(images, places, augmentations, normalization, batch.pixels);
  return batch;
}

}  // namespace

ImageSplit split_images(const ImageSet& images, double validation_fraction, std::uint64_t seed) {
  if (images.size() < 2) throw UserError(images.source + ": fewer than two training images, none can be held out");
  std::vector<std::int64_t> places(static_cast<std::size_t>(images.size()));
  std::iota(places.begin(), places.end(), 0);
  permute(places, draws(seed, kSplitDraws, 0, 0));
  const auto wanted = static_cast<std::int64_t>(std::llround(validation_fraction * static_cast<double>(images.size())));
  const auto middle = places.begin() + std::clamp<std::int64_t>(wanted, 1, images.size() - 1);
  ImageSplit split{.training = {middle, places.end()}, .validation = {places.begin(), middle}};
  std::ranges::sort(split.training);
  std::ranges::sort(split.validation);
  return split;
}

std::vector<std::int64_t> epoch_order(std::vector<std::int64_t> places, std::uint64_t seed, std::int64_t epoch) {
  permute(places, draws(seed, kOrderDraws, epoch, 0));
  return places;
}

Augmentation augmentation(const TrainingOptions& options, std::int64_t epoch, std::int64_t place) {
  RandomStream random = draws(options.seed, kAugmentationDraws, epoch, place);
  const auto shift = [&] {
    return static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(2 * options.crop_padding + 1))) -
           options.crop_padding;
  };
  Augmentation result;
  result.row_shift = shift();
  result.col_shift = shift();
  result.is_mirrored = options.flips && random.next_below(2) == 1;
  return result;
}

void write_batch(const ImageSet& images, std::span<const std::int64_t> places, std::span<const Augmentation> augmentations,
                 const PixelNormalization& normalization, std::span<float> result) {
  const auto [channels, height, width] = images.shape;
  std::vector<std::vector<float>> values;
  for (std::int64_t channel = 0; channel < channels; ++channel) values.push_back(byte_values(normalization, channel));
  float* pixel = result.data();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::span<const std::uint8_t> bytes = images.image(places[i]);
    const Augmentation moved = augmentations.empty() ? Augmentation{} : augmentations[i];
    for (std::int64_t row = 0; row < height; ++row) {
      const std::int64_t from_row = row + moved.row_shift;
      for (std::int64_t col = 0; col < width; ++col, pixel += channels) {
        const std::int64_t from_col = (moved.is_mirrored ? width - 1 - col : col) + moved.col_shift;
        if (from_row < 0 || from_row >= height || from_col < 0 || from_col >= width) {
          std::fill_n(pixel, channels, 0.0F);
          continue;
        }
        for (std::int64_t channel = 0; channel < channels; ++channel) {
          const auto byte = bytes[static_cast<std::size_t>((channel * height + from_row) * width + from_col)];
          pixel[channel] = values[static_cast<std::size_t>(channel)][byte];
        }
      }
    }
  }
}

LabelledBatch moved_batch(const ImageSet& images, std::span<const std::int64_t> places, const TrainingOptions& options,
                          std::int64_t epoch) {
  std::vector<Augmentation> augmentations;
  augmentations.reserve(places.size());
  for (const std::int64_t place : places) augmentations.push_back(augmentation(options, epoch, place));
  return batch_of(images, places, augmentations, options.normalization);
}

LabelledBatch plain_batch(const ImageSet& images, std::span<const std::int64_t> places,
                          const PixelNormalization& normalization) {
  return batch_of(images, places, {}, normalization);
}

std::string images_hash(const ImageSet& images) {
  std::string bytes(images.bytes.begin(), images.bytes.end());
  bytes.append(images.labels.begin(), images.labels.end());
  return content_hash(bytes);
}

}  // namespace crossloom
