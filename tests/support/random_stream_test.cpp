#include "support/random_stream.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "support/philox.h"

namespace crossloom {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Known-answer vectors of the authors' Random123 library, tests/kat_vectors, "philox4x32 10".
TEST(Philox, GivesTheKnownAnswers) {
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

std::vector<std::uint64_t> first_draws(std::uint64_t seed, const RandomKey& key) {
  RandomStream stream(seed, key);
  std::vector<std::uint64_t> draws(8);
  for (std::uint64_t& draw : draws) draw = stream.next_u64();
  return draws;
}

TEST(RandomStream, RepeatsItselfForTheSameSeedAndKey) {
  const RandomKey key = {.purpose = RandomPurpose::kRead, .layer = 3, .crossbar = 5, .trial = 7};
  EXPECT_EQ(first_draws(42, key), first_draws(42, key));
}

TEST(RandomStream, DiffersWhenAnyOneFieldDiffers) {
  const RandomKey key = {.purpose = RandomPurpose::kTest, .layer = 1, .crossbar = 2, .trial = 3};
  std::set<std::vector<std::uint64_t>> streams = {first_draws(1, key), first_draws(2, key)};
  streams.insert(first_draws(1, {.purpose = RandomPurpose::kRead, .layer = 1, .crossbar = 2, .trial = 3}));
  streams.insert(first_draws(1, {.purpose = RandomPurpose::kTest, .layer = 2, .crossbar = 1, .trial = 3}));
  streams.insert(first_draws(1, {.purpose = RandomPurpose::kTest, .layer = 1, .crossbar = 3, .trial = 2}));
  streams.insert(first_draws(1, {.purpose = RandomPurpose::kTest, .layer = 1, .crossbar = 2, .trial = 3ULL << 32U}));
  EXPECT_EQ(streams.size(), 6U);
}

TEST(RandomStream, CopyContinuesLikeItsOriginal) {
  RandomStream original(9, {});
  static_cast<void>(original.next_normal());
  RandomStream copy = original;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(copy.next_normal(), original.next_normal());
}

TEST(RandomStream, UniformStaysInTheHalfOpenUnitIntervalWithTheRightMoments) {
  RandomStream stream(1, {});
  constexpr int kNumDraws = 100'000;
  double sum = 0.0;
  double sum_of_squares = 0.0;
  for (int i = 0; i < kNumDraws; ++i) {
    const double u = stream.next_uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    sum_of_squares += u * u;
  }
  // Five standard errors: the mean has variance 1/12/n, the mean square (1/5 - 1/9)/n.
  EXPECT_NEAR(sum / kNumDraws, 1.0 / 2.0, 5.0 * std::sqrt(1.0 / 12.0 / kNumDraws));
  EXPECT_NEAR(sum_of_squares / kNumDraws, 1.0 / 3.0, 5.0 * std::sqrt((1.0 / 5.0 - 1.0 / 9.0) / kNumDraws));
}

TEST(RandomStream, BelowReachesEveryValueEquallyOften) {
  RandomStream stream(2, {});
  constexpr std::uint64_t kBound = 7;
  constexpr int kNumDraws = 70'000;
  std::array<int, kBound> counts = {};
  for (int i = 0; i < kNumDraws; ++i) ++counts.at(stream.next_below(kBound));
  const double expected = static_cast<double>(kNumDraws) / kBound;
  double chi_square = 0.0;
  for (const int count : counts) chi_square += (count - expected) * (count - expected) / expected;
  EXPECT_LT(chi_square, 27.9);  // 6 degrees of freedom, p = 1e-4
}

TEST(RandomStream, BelowOneIsZeroAndTheLargestBoundIsKept) {
  RandomStream stream(3, {});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(stream.next_below(1), 0U);
  for (int i = 0; i < 10; ++i) EXPECT_LT(stream.next_below(~std::uint64_t{0}), ~std::uint64_t{0});
}

TEST(RandomStream, NormalHasTheMomentsOfTheStandardNormal) {
  RandomStream stream(4, {});
  constexpr int kNumDraws = 100'000;
  double sum = 0.0;
  double sum_of_squares = 0.0;
  double sum_of_fourths = 0.0;
  for (int i = 0; i < kNumDraws; ++i) {
    const double x = stream.next_normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    sum_of_squares += x * x;
    sum_of_fourths += x * x * x * x;
  }
  // Five standard errors; x^2 has variance 2 and x^4 variance 96 (moments 1, 3, 15, 105).
  EXPECT_NEAR(sum / kNumDraws, 0.0, 5.0 / std::sqrt(kNumDraws));
  EXPECT_NEAR(sum_of_squares / kNumDraws, 1.0, 5.0 * std::sqrt(2.0 / kNumDraws));
  EXPECT_NEAR(sum_of_fourths / kNumDraws, 3.0, 5.0 * std::sqrt(96.0 / kNumDraws));
}

}  // namespace
}  // namespace crossloom
