#include "training/binary_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace crossloom {
namespace {

TEST(Half, HasTheBitsOfTheStandard) {
  // IEEE 754-2008, 3.4: 1, the largest, the least subnormal, and 1/3 = 1.0101010101b x 2^-2 rounded down.
  EXPECT_EQ(to_half(1.0F), 0x3C00);
  EXPECT_EQ(to_half(-2.0F), 0xC000);
  EXPECT_EQ(to_half(65504.0F), 0x7BFF);
  EXPECT_EQ(to_half(std::ldexp(1.0F, -24)), 0x0001);
  EXPECT_EQ(to_half(1.0F / 3.0F), 0x3555);
  EXPECT_EQ(to_half(0.0F), 0x0000);
  EXPECT_EQ(to_half(65520.0F), 0x7C00);  // half way to 2^16
}

TEST(Half, RoundsHalvesToEven) {
  EXPECT_EQ(to_half(1.0F + std::ldexp(1.0F, -11)), 0x3C00);
  EXPECT_EQ(to_half(1.0F + 3.0F * std::ldexp(1.0F, -11)), 0x3C02);
  EXPECT_EQ(to_half(std::ldexp(1.0F, -25)), 0x0000);
  EXPECT_EQ(to_half(3.0F * std::ldexp(1.0F, -25)), 0x0002);
}

TEST(Half, EveryPatternComesBack) {
  for (std::uint32_t bits = 0; bits <= std::numeric_limits<std::uint16_t>::max(); ++bits) {
    const float value = from_half(static_cast<std::uint16_t>(bits));
    if (std::isnan(value)) continue;
    ASSERT_EQ(to_half(value), bits) << bits;
  }
}

}  // namespace
}  // namespace crossloom
