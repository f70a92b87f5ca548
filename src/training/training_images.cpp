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

/// A draw from Beta(alpha, alpha), 0 < alpha <= 1 (Joehnk, Metrika 8, 1964).
double beta_draw(double alpha, RandomStream& random) {
  while (true) {
    // As logarithms: with a small alpha both numbers are below what a double can hold.
    const double log_x = std::log(1.0 - random.next_uniform()) / alpha;
    const double log_y = std::log(1.0 - random.next_uniform()) / alpha;
    if (std::exp(log_x) + std::exp(log_y) <= 1.0) return 1.0 / (1.0 + std::exp(log_y - log_x));
  }
}

/// Rows of probabilities: the share `own_share` of an image's own label, the rest of the next one's, smoothed.
std::vector<float> targets_of(std::span<const std::int64_t> labels, std::span<const Augmentation> augmentations,
                              std::int64_t num_classes, double smoothing) {
  const auto width = static_cast<std::size_t>(num_classes);
  std::vector<float> targets(labels.size() * width, static_cast<float>(smoothing / static_cast<double>(num_classes)));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double share = augmentations[i].own_share;
    const std::int64_t next = labels[(i + 1) % labels.size()];
    targets[i * width + static_cast<std::size_t>(labels[i])] += static_cast<float>((1.0 - smoothing) * share);
    targets[i * width + static_cast<std::size_t>(next)] += static_cast<float>((1.0 - smoothing) * (1.0 - share));
  }
  return targets;
}

void mix(std::vector<float>& pixels, std::span<const Augmentation> augmentations) {
  if (std::ranges::all_of(augmentations, [](const Augmentation& one) { return one.own_share == 1.0; })) return;
  const std::vector<float> own = pixels;
  const std::size_t count = pixels.size() / augmentations.size();
  for (std::size_t i = 0; i < augmentations.size(); ++i) {
    const auto share = static_cast<float>(augmentations[i].own_share);
    const float* next = own.data() + (i + 1) % augmentations.size() * count;
    for (std::size_t k = i * count; k < (i + 1) * count; ++k, ++next) pixels[k] = share * own[k] + (1.0F - share) * *next;
  }
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

Augmentation augmentation(const TrainingOptions& options, std::int64_t epoch, std::int64_t place, const TensorShape& shape) {
  RandomStream random = draws(options.seed, kAugmentationDraws, epoch, place);
  const auto shift = [&] {
    return static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(2 * options.crop_padding + 1))) -
           options.crop_padding;
  };
  Augmentation result;
  result.row_shift = shift();
  result.col_shift = shift();
  result.is_mirrored = options.flips && random.next_below(2) == 1;
  if (options.mixup > 0.0) result.own_share = beta_draw(options.mixup, random);
  if (options.cutout > 0) {
    result.cut_side = options.cutout;
    result.cut_row =
        static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(shape.height))) - options.cutout / 2;
    result.cut_col = static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(shape.width))) - options.cutout / 2;
  }
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
    const auto is_cut = [&moved](std::int64_t row, std::int64_t col) {
      return row >= moved.cut_row && row < moved.cut_row + moved.cut_side && col >= moved.cut_col &&
             col < moved.cut_col + moved.cut_side;
    };
    for (std::int64_t row = 0; row < height; ++row) {
      const std::int64_t from_row = row + moved.row_shift;
      for (std::int64_t col = 0; col < width; ++col, pixel += channels) {
        const std::int64_t from_col = (moved.is_mirrored ? width - 1 - col : col) + moved.col_shift;
        if (from_row < 0 || from_row >= height || from_col < 0 || from_col >= width || is_cut(row, col)) {
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
  for (const std::int64_t place : places) augmentations.push_back(augmentation(options, epoch, place, images.shape));
  LabelledBatch batch = batch_of(images, places, augmentations, options.normalization);
  mix(batch.pixels, augmentations);
  batch.targets = targets_of(batch.labels, augmentations, images.num_classes, options.label_smoothing);
  return batch;
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
