#include "training/weight_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossloom {
namespace {

using testing::ElementsAre;

TEST(ChannelScales, PutTheLargestWeightOnTheLargestCode) {
  EXPECT_THAT(channel_scales(std::vector<float>{0.5F, -7.0F, 14.0F, 0.0F}, 2, 4), ElementsAre(1.0F, 2.0F));
}

TEST(ChannelScales, OfAChannelOfZerosIsThatOfTheLayer) {
  EXPECT_THAT(channel_scales(std::vector<float>{0.0F, 0.0F, 1.0F, 3.0F}, 2, 3), ElementsAre(1.0F, 1.0F));
  EXPECT_THAT(channel_scales(std::vector<float>{0.0F, 0.0F}, 2, 3), ElementsAre(1.0F, 1.0F));
}

TEST(MagnitudeAt, LeavesTheShareAbove) {
  const std::vector<float> values = {-1.0F, 2.0F, -3.0F, 4.0F, 5.0F, -6.0F, 7.0F, 8.0F, 9.0F, -10.0F};
  EXPECT_EQ(magnitude_at(values, 1.0), 10.0F);
  EXPECT_EQ(magnitude_at(values, 0.9), 9.0F);
  EXPECT_EQ(magnitude_at(values, 0.5), 5.0F);
  EXPECT_EQ(magnitude_at({}, 1.0), 0.0F);
}

}  // namespace
}  // namespace crossloom
