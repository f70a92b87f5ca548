#include "training/resized_images.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossloom {
namespace {

using testing::ElementsAre;

ImageSet example() {
  return {.source = "test",
          .shape = {.channels = 1, .height = 1, .width = 2},
          .num_classes = 2,
          .bytes = {0, 100, 200, 40},
          .labels = {0, 1}};
}

TEST(ResizedImages, InterpolateBetweenPixelCentres) {
  // Four pixels over two: centres at -1/4, 1/4, 3/4 and 5/4 of the way from the first to the second.
  const ImageSet wide = resized(example(), 2, 4);
  EXPECT_EQ(wide.shape, (TensorShape{.channels = 1, .height = 2, .width = 4}));
  EXPECT_THAT(wide.bytes, ElementsAre(0, 25, 75, 100, 0, 25, 75, 100, 200, 160, 80, 40, 200, 160, 80, 40));
  EXPECT_EQ(wide.labels, example().labels);
}

TEST(ResizedImages, StayAsTheyAreAtTheirOwnSize) { EXPECT_EQ(resized(example(), 1, 2), example()); }

}  // namespace
}  // namespace crossloom
