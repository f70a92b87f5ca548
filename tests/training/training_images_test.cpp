#include "training/training_images.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "support/error.h"

namespace crossloom {
namespace {

using testing::ElementsAre;

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
    const Augmentation moved = augmentation(options, 0, place);
    rows.insert(moved.row_shift);
    cols.insert(moved.col_shift);
    num_mirrored += moved.is_mirrored ? 1 : 0;
  }
  EXPECT_THAT(rows, ElementsAre(-1, 0, 1));
  EXPECT_THAT(cols, ElementsAre(-1, 0, 1));
  EXPECT_NEAR(num_mirrored, 50, 15);  // three standard deviations
}

TEST(Augmentation, WithoutPaddingAndFlipsLeavesImages) {
  EXPECT_EQ(augmentation({.crop_padding = 0, .flips = false}, 5, 9), Augmentation{});
}

TEST(WriteBatch, MovesZerosInFromOutside) {
  EXPECT_THAT(written({}), ElementsAre(10, 11, 12, 13, 14, 15));
  EXPECT_THAT(written({.row_shift = 1}), ElementsAre(13, 14, 15, 0, 0, 0));
  EXPECT_THAT(written({.col_shift = -1}), ElementsAre(0, 10, 11, 0, 13, 14));
  EXPECT_THAT(written({.is_mirrored = true}), ElementsAre(12, 11, 10, 15, 14, 13));
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
