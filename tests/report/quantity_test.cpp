#include "report/quantity.h"

#include <gtest/gtest.h>

#include <limits>

namespace crossloom {
namespace {

TEST(Quantity, HasFourSignificantDigits) {
  EXPECT_EQ(time_text(1.0), "1.000 ns");
  EXPECT_EQ(time_text(152.77319048), "152.8 ns");
  EXPECT_EQ(time_text(1234567.8), "1.235 ms");
}

TEST(Quantity, TakesTheLargestUnitItReachesOnceRounded) {
  EXPECT_EQ(time_text(999.9), "999.9 ns");
  EXPECT_EQ(time_text(999.96), "1.000 us");
  EXPECT_EQ(energy_text(4.2e7), "42.00 uJ");
  EXPECT_EQ(energy_text(2.5e12), "2.500 J");
  EXPECT_EQ(power_text(330.0), "330.0 mW");
  EXPECT_EQ(power_text(65800.0), "65.80 W");
}

TEST(Quantity, OfZeroIsZeroOfTheSmallestUnit) {
  EXPECT_EQ(time_text(0.0), "0 ns");
  EXPECT_EQ(energy_text(0.0), "0 pJ");
}

TEST(Quantity, OfAreaTurnsToSquareMillimetresEarly) {
  EXPECT_EQ(area_text(1.44), "1.440 um2");
  EXPECT_EQ(area_text(9999.0), "9999 um2");
  EXPECT_EQ(area_text(372000.0), "0.3720 mm2");
  EXPECT_EQ(area_text(85.4e6), "85.40 mm2");
}

TEST(Quantity, OfARateHasNoPrefix) { EXPECT_EQ(rate_text(1234.56), "1235 / s"); }

TEST(Quantity, OfAFractionHasFourDecimals) { EXPECT_EQ(fraction_text(0.12345), "0.1235"); }

TEST(Quantity, OfACountHasItsThousandsApart) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1235496), "1,235,496");
  EXPECT_EQ(count_text(-1000), "-1,000");
  EXPECT_EQ(count_text(-100), "-100");
  EXPECT_EQ(count_text(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

}  // namespace
}  // namespace crossloom
