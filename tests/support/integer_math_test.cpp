#include "support/integer_math.h"

#include <gtest/gtest.h>

#include <limits>

namespace crossloom {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

TEST(CeilDiv, IsTheFewestGroupsThatHoldAllItems) {
  for (std::int64_t items = 0; items <= 50; ++items) {
    for (std::int64_t size = 1; size <= 20; ++size) {
      std::int64_t groups = 0;
      while (groups * size < items) ++groups;
      EXPECT_EQ(ceil_div(items, size), groups) << items << " / " << size;
    }
  }
}

TEST(CeilDiv, DoesNotOverflowAtTheEndOfTheRange) {
  EXPECT_EQ(ceil_div(kMax, 1), kMax);
  EXPECT_EQ(ceil_div(kMax, 2), kMax / 2 + 1);  // 2^63 - 1 is odd
  EXPECT_EQ(ceil_div(kMax, kMax), 1);
  EXPECT_EQ(ceil_div(1, kMax), 1);
  EXPECT_EQ(ceil_div(0, kMax), 0);
}

TEST(CheckedMul, GivesTheProductUpToTheLimits) {
  EXPECT_EQ(checked_mul(kMax, 1, "n"), kMax);
  EXPECT_EQ(checked_mul(std::int64_t{1} << 62, -2, "n"), kMin);
  EXPECT_EQ(checked_mul(0, kMin, "n"), 0);
}

TEST(CheckedAdd, GivesTheSumUpToTheLimits) {
  EXPECT_EQ(checked_add(kMax - 1, 1, "n"), kMax);
  EXPECT_EQ(checked_add(kMax, kMin, "n"), -1);
}

}  // namespace
}  // namespace crossloom
