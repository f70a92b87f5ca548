#include "training/training_images.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "support/error.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::Pair;
using testing::Pointwise;
using testing::UnorderedElementsAre;

/// One channel of 2 x 3 pixels: image i holds 10 i + 0, 1, 2, ... in row-major order.
ImageSet images_of(std::int64_t count) {
  ImageSet images{.source = "test", .shape = {1, 2, 3}, .num_classes = 2};
  for (std::int64_t i = 0; i < count; ++i) {
    images.labels.push_back(static_cast<std::uint8_t>(i % 2));
    for (std::int64_t pixel = 0; pixel < images.shape.num_values(); ++pixel)
      images.bytes.push_back(static_cast<std::uint8_t>(10 * i + pixel));
  }
  return images;
}

constexpr PixelNormalization kBytes = {.scale = 255.0};

std::vector<float> written(const Augmentation& moved) {
  const ImageSet images = images_of(2);
  std::vector<float> result(6);
  const std::vector<std::int64_t> places = {1};
  write_batch(images, places, std::vector<Augmentation>{moved}, kBytes, result);
  for (float& value : result) value = std::round(value);
  return result;
}

TEST(SplitImages, HoldsOutTheShareAndKeepsTheRest) {
  const ImageSplit split = split_images(images_of(20), 0.25, 7);
  EXPECT_EQ(split.validation.size(), 5U);
  std::set<std::int64_t> all(split.training.begin(), split.training.end());
  all.insert(split.validation.begin(), split.validation.end());
  EXPECT_EQ(all.size(), 20U);
  EXPECT_EQ(*all.rbegin(), 19);
}

TEST(SplitImages, DependsOnTheSeedAlone) {
  EXPECT_EQ(split_images(images_of(20), 0.5, 7), split_images(images_of(20), 0.5, 7));
  EXPECT_NE(split_images(images_of(20), 0.5, 7), split_images(images_of(20), 0.5, 8));
}

TEST(SplitImages, LeavesBothPartsAtLeastOneImage) {
  EXPECT_EQ(split_images(images_of(2), 0.0, 1).validation.size(), 1U);
  EXPECT_EQ(split_images(images_of(2), 0.99, 1).training.size(), 1U);
  EXPECT_THROW(static_cast<void>(split_images(images_of(1), 0.5, 1)), UserError);
}

TEST(EpochOrder, IsAnotherPermutationEachEpoch) {
  const std::vector<std::int64_t> places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<std::int64_t> first = epoch_order(places, 3, 0);
  EXPECT_TRUE(std::ranges::is_permutation(first, places));
  EXPECT_EQ(first, epoch_order(places, 3, 0));
  EXPECT_NE(first, epoch_order(places, 3, 1));
}

TEST(Augmentation, ReachesEveryShiftAndBothSides) {
  const TrainingOptions options{.crop_padding = 1, .flips = true};
  std::set<std::int64_t> rows;
  std::set<std::int64_t> cols;
  int num_mirrored = 0;
  for (std::int64_t place = 0; place < 100; ++place) {
    const Augmentation moved = augmentation(options, 0, place, {3, 32, 32});
    rows.insert(moved.row_shift);
    cols.insert(moved.col_shift);
    num_mirrored += moved.is_mirrored ? 1 : 0;
  }
  EXPECT_THAT(rows, ElementsAre(-1, 0, 1));
  EXPECT_THAT(cols, ElementsAre(-1, 0, 1));
  EXPECT_NEAR(num_mirrored, 50, 15);  // three standard deviations
}

TEST(Augmentation, WithoutPaddingAndFlipsLeavesImages) {
  EXPECT_EQ(augmentation({.crop_padding = 0, .flips = false}, 5, 9, {3, 32, 32}), Augmentation{});
}

TEST(WriteBatch, MovesZerosInFromOutside) {
  EXPECT_THAT(written({}), ElementsAre(10, 11, 12, 13, 14, 15));
  EXPECT_THAT(written({.row_shift = 1}), ElementsAre(13, 14, 15, 0, 0, 0));
  EXPECT_THAT(written({.col_shift = -1}), ElementsAre(0, 10, 11, 0, 13, 14));
  EXPECT_THAT(written({.is_mirrored = true}), ElementsAre(12, 11, 10, 15, 14, 13));
}

TEST(WriteBatch, CutsASquareAsFarAsItLiesWithinTheImage) {
  EXPECT_THAT(written({.cut_row = 0, .cut_col = 1, .cut_side = 1}), ElementsAre(10, 0, 12, 13, 14, 15));
  EXPECT_THAT(written({.cut_row = -1, .cut_col = -1, .cut_side = 2}), ElementsAre(0, 11, 12, 13, 14, 15));
  EXPECT_THAT(written({.is_mirrored = true, .cut_row = 1, .cut_col = 2, .cut_side = 5}), ElementsAre(12, 11, 10, 15, 14, 0));
}

TEST(Augmentation, CentresItsSquareOnEveryPixel) {
  const TrainingOptions options{.crop_padding = 0, .flips = false, .cutout = 3};
  std::set<std::pair<std::int64_t, std::int64_t>> corners;
  for (std::int64_t place = 0; place < 200; ++place) {
    const Augmentation cut = augmentation(options, 0, place, {1, 2, 3});
    EXPECT_EQ(cut.cut_side, 3);
    corners.emplace(cut.cut_row, cut.cut_col);
  }
  EXPECT_THAT(corners, UnorderedElementsAre(Pair(-1, -1), Pair(-1, 0), Pair(-1, 1), Pair(0, -1), Pair(0, 0), Pair(0, 1)));
}

TEST(Augmentation, MixesByABetaDistribution) {
  // Beta(a, a) has the mean 1/2 and the variance 1 / (4 (2 a + 1)).
  for (const double alpha : {1e-9, 0.2, 1.0}) {
    constexpr int kCount = 4000;
    double sum = 0.0;
    double squares = 0.0;
    for (std::int64_t place = 0; place < kCount; ++place) {
      const double share = augmentation({.mixup = alpha}, 3, place, {3, 32, 32}).own_share;
      ASSERT_GE(share, 0.0);
      ASSERT_LE(share, 1.0);
      sum += share - 0.5;
      squares += (share - 0.5) * (share - 0.5);
    }
    const double variance = 0.25 / (2.0 * alpha + 1.0);
    EXPECT_NEAR(sum / kCount, 0.0, 4.0 * std::sqrt(variance / kCount));
    EXPECT_NEAR(squares / kCount, variance, 0.05 * variance);  // more than four standard deviations
  }
}

TEST(MovedBatch, SmoothsLabels) {
  ImageSet images = images_of(2);
  images.num_classes = 4;
  images.labels = {3, 0};
  const LabelledBatch batch =
      moved_batch(images, std::vector<std::int64_t>{1, 0}, {.label_smoothing = 0.2, .crop_padding = 0, .flips = false}, 0);
  const std::vector<float> expected = {0.85F, 0.05F, 0.05F, 0.05F, 0.05F, 0.05F, 0.05F, 0.85F};
  EXPECT_THAT(batch.targets, Pointwise(FloatNear(1e-6F), expected));
}

TEST(MovedBatch, MixesImagesAndTargetsAlike) {
  ImageSet images = images_of(3);
  images.num_classes = 3;
  images.labels = {0, 1, 2};
  const TrainingOptions options{.label_smoothing = 0.0, .crop_padding = 0, .flips = false, .mixup = 1.0};
  const std::vector<std::int64_t> places = {2, 0, 1};
  const LabelledBatch own = plain_batch(images, places, options.normalization);
  const LabelledBatch mixed = moved_batch(images, places, options, 7);
  const std::size_t count = own.pixels.size() / places.size();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t next = (i + 1) % places.size();
    const auto share = static_cast<float>(augmentation(options, 7, places[i], images.shape).own_share);
    for (std::size_t k = 0; k < count; ++k) {
      EXPECT_NEAR(mixed.pixels[i * count + k],
                  share * own.pixels[i * count + k] + (1.0F - share) * own.pixels[next * count + k], 1e-4);
    }
    std::vector<float> target(3);
    target[static_cast<std::size_t>(places[i])] = share;
    target[static_cast<std::size_t>(places[next])] = 1.0F - share;
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(mixed.targets[i * 3 + k], target[k], 1e-6);
  }
}

TEST(WriteBatch, PutsTheChannelsOfAPixelSideBySide) {
  const ImageSet images{.source = "test", .shape = {2, 1, 2}, .num_classes = 1, .bytes = {1, 2, 3, 4}, .labels = {0}};
  std::vector<float> result(4);
  write_batch(images, std::vector<std::int64_t>{0}, {}, {.scale = 255.0, .mean = {0.0, 1.0}, .deviation = {1.0, 0.5}}, result);
  EXPECT_THAT(result, ElementsAre(testing::FloatEq(1), testing::FloatEq(4), testing::FloatEq(2), testing::FloatEq(6)));
}

TEST(ImagesHash, ChangesWithOneByteOrLabel) {
  const ImageSet images = images_of(3);
  ImageSet other = images;
  other.bytes.back() ^= 1;
  EXPECT_NE(images_hash(images), images_hash(other));
  other = images;
  other.labels.back() = 1;
  EXPECT_NE(images_hash(images), images_hash(other));
}

}  // namespace
}  // namespace crossloom
