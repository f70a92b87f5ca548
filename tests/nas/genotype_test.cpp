#include "nas/genotype.h"

#include <gtest/gtest.h>

#include <array>

namespace crossloom {
namespace {

const std::vector<Gene> kGenes = {categorical_gene("kernel", 3), integer_gene("depth", -2, 2), real_gene("width", 0.5, 1.5)};

RandomStream stream(std::uint64_t trial) { return RandomStream(1, {.purpose = RandomPurpose::kTest, .trial = trial}); }

TEST(Genotype, DrawnAtRandomLiesWithinItsGenes) {
  RandomStream random = stream(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(is_within(kGenes, random_genotype(kGenes, random)));
}

TEST(Genotype, DrawnAtRandomTakesEveryValueAboutEquallyOften) {
  RandomStream random = stream(1);
  std::array<int, 5> counts = {};
  constexpr int kDraws = 10000;
  for (int i = 0; i < kDraws; ++i) ++counts.at(static_cast<std::size_t>(random_genotype(kGenes, random).integer(1) + 2));
  // 2000 expected; five standard deviations of the binomial are 200.
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 5, 200);
}

TEST(Genotype, OutsideABoundIsNotWithin) {
  EXPECT_TRUE(is_within(kGenes, {{2.0, 2.0, 1.5}}));
  EXPECT_FALSE(is_within(kGenes, {{3.0, 2.0, 1.5}}));
  EXPECT_FALSE(is_within(kGenes, {{2.0, -3.0, 1.5}}));
  EXPECT_FALSE(is_within(kGenes, {{2.0, 2.0, 1.51}}));
}

TEST(Genotype, WithAFractionOfACategoryIsNotWithin) { EXPECT_FALSE(is_within(kGenes, {{0.5, 0.0, 1.0}})); }

TEST(Genotype, OfAnotherLengthIsNotWithin) { EXPECT_FALSE(is_within(kGenes, {{0.0, 0.0}})); }

TEST(GenotypeHash, IsEqualForPositiveAndNegativeZero) {
  EXPECT_EQ(GenotypeHash{}(Genotype{{0.0, 1.0}}), GenotypeHash{}(Genotype{{-0.0, 1.0}}));
}

TEST(GenotypeHash, DependsOnTheOrderOfValues) {
  EXPECT_NE(GenotypeHash{}(Genotype{{1.0, 2.0}}), GenotypeHash{}(Genotype{{2.0, 1.0}}));
}

}  // namespace
}  // namespace crossloom
