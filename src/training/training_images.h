#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "accuracy/image_set.h"
#include "training/training_options.h"

namespace crossloom {

/// Places in an ImageSet.
struct ImageSplit {
  std::vector<std::int64_t> training;
  std::vector<std::int64_t> validation;
  friend bool operator==(const ImageSplit&, const ImageSplit&) = default;
};

/// Holds round(fraction x images) of a set out, drawn with `seed`, at least one and not all; both parts in rising order. Throws
/// UserError for a set of fewer than two images.
[[nodiscard]] ImageSplit split_images(const ImageSet& images, double validation_fraction, std::uint64_t seed);

/// The places in the order of an epoch: a permutation that depends on seed and epoch alone (Fisher, Yates, 1938; Knuth's
/// algorithm P).
[[nodiscard]] std::vector<std::int64_t> epoch_order(std::vector<std::int64_t> places, std::uint64_t seed, std::int64_t epoch);

/// What happens to one image: it is moved up to `crop_padding` pixels along both axes, mirrored or not, and loses a square.
struct Augmentation {
  std::int64_t row_shift = 0;  ///< output row r is input row r + row_shift, zero outside
  std::int64_t col_shift = 0;
  bool is_mirrored = false;
  std::int64_t cut_row = 0;  ///< of the output: first row and column of a square of zeros, which may reach beyond the image
  std::int64_t cut_col = 0;
  std::int64_t cut_side = 0;
  double own_share = 1.0;  ///< of the image and its label, the rest is the next image's
  friend bool operator==(const Augmentation&, const Augmentation&) = default;
};
/// Depends on options, epoch, the image's place and extent alone. The square's centre lies within the image (DeVries, Taylor,
/// arXiv 1708.04552, section 3.2); `own_share` follows Beta(mixup, mixup).
[[nodiscard]] Augmentation augmentation(const TrainingOptions& options, std::int64_t epoch, std::int64_t place,
                                        const TensorShape& shape);

/// Writes images as network input in N, H, W, C order, each moved and cut as its augmentation says (none: as it is), not mixed.
/// Pixels moved in from outside, and those of the square, are zero after normalization. `result` holds places x values of an
/// image.
void write_batch(const ImageSet& images, std::span<const std::int64_t> places, std::span<const Augmentation> augmentations,
                 const PixelNormalization& normalization, std::span<float> result);

/// Images as network input, and their classes.
struct LabelledBatch {
  TensorShape shape;          ///< of one image
  std::vector<float> pixels;  ///< in N, H, W, C order
  std::vector<std::int64_t> labels;
  std::vector<float> targets = {};  ///< for training: rows of probabilities, one a class
};
/// The images at these places as an epoch of training has them: moved, cut, each mixed with the next (the last with the first).
/// Of a target the share options.label_smoothing lies evenly on all classes (Szegedy et al., CVPR 2016, section 7).
[[nodiscard]] LabelledBatch moved_batch(const ImageSet& images, std::span<const std::int64_t> places,
                                        const TrainingOptions& options, std::int64_t epoch);
/// As they are, without targets.
[[nodiscard]] LabelledBatch plain_batch(const ImageSet& images, std::span<const std::int64_t> places,
                                        const PixelNormalization& normalization);

/// Hash of every image and label, so that a folder that changed is noticed.
[[nodiscard]] std::string images_hash(const ImageSet& images);

}  // namespace crossloom
