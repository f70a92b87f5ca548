#include "nas/variation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace crossloom {
namespace {

constexpr int kDraws = 20000;

RandomStream stream() { return RandomStream(3, {.purpose = RandomPurpose::kTest}); }

TEST(Crossover, KeepsTheMeanOfTwoRealParentsFarFromTheBounds) {
  // SBX is symmetric about the mid-point of the parents, and with room on both sides so are its cut-off tails.
  const std::vector<Gene> genes = {real_gene("x", -1000.0, 1000.0)};
  RandomStream random = stream();
  for (int i = 0; i < 1000; ++i) {
    const auto [a, b] = cross(genes, {{-1.0}}, {{1.0}}, {.crossover_probability = 1.0}, random);
    EXPECT_NEAR(a.values[0] + b.values[0], 0.0, 1e-9);
  }
}

TEST(Crossover, SpreadsRealChildrenAsItsDistributionSays) {
  // Far from the bounds the spread is at most 1 with probability 1/2 and at most b < 1 with probability b^(index + 1) / 2
  // (Deb, Agrawal, Complex Systems 1995, equation 6).
  const std::vector<Gene> genes = {real_gene("x", -1e6, 1e6)};
  constexpr double kIndex = 2.0;
  constexpr double kSpread = 0.8;
  RandomStream random = stream();
  int num_crossed = 0;
  int num_below = 0;
  for (int i = 0; i < kDraws; ++i) {
    const auto [a, b] = cross(genes, {{-1.0}}, {{1.0}}, {.crossover_probability = 1.0, .crossover_index = kIndex}, random);
    const double spread = std::abs(a.values[0] - b.values[0]) / 2.0;
    if (spread == 1.0) continue;  // a gene is crossed with probability 1/2
    ++num_crossed;
    if (spread <= kSpread) ++num_below;
  }
  EXPECT_NEAR(num_crossed, kDraws / 2, 5 * std::sqrt(kDraws / 4.0));
  const double expected = 0.5 * std::pow(kSpread, kIndex + 1.0);
  EXPECT_NEAR(double{1} * num_below / num_crossed, expected, 5 * std::sqrt(expected * (1 - expected) / num_crossed));
}

TEST(Crossover, StaysWithinTheBounds) {
  const std::vector<Gene> genes = {real_gene("x", 0.0, 1.0)};
  RandomStream random = stream();
  for (int i = 0; i < kDraws; ++i) {
    const auto [a, b] = cross(genes, {{0.0}}, {{0.3}}, {.crossover_probability = 1.0, .crossover_index = 0.0}, random);
    EXPECT_TRUE(is_within(genes, a));
    EXPECT_TRUE(is_within(genes, b));
  }
}

TEST(Crossover, ExchangesIntegersAndCategories) {
  const std::vector<Gene> genes = {categorical_gene("a", 10), integer_gene("b", 0, 9)};
  RandomStream random = stream();
  bool was_exchanged = false;
  for (int i = 0; i < 100; ++i) {
    const auto [a, b] = cross(genes, {{1.0, 2.0}}, {{8.0, 9.0}}, {.crossover_probability = 1.0}, random);
    for (std::size_t gene = 0; gene < 2; ++gene) {
      EXPECT_EQ(a.values[gene] + b.values[gene], gene == 0 ? 9.0 : 11.0);
      was_exchanged |= a.values[gene] > 5.0;
    }
  }
  EXPECT_TRUE(was_exchanged);
}

TEST(Crossover, WithProbabilityZeroCopiesTheParents) {
  RandomStream random = stream();
  const auto [a, b] = cross(std::vector{real_gene("x", 0, 1)}, {{0.25}}, {{0.75}}, {.crossover_probability = 0.0}, random);
  EXPECT_EQ(a, Genotype{{0.25}});
  EXPECT_EQ(b, Genotype{{0.75}});
}

TEST(Mutation, ChangesAsManyGenesAsAskedForOnAverage) {
  std::vector<Gene> genes;
  for (int i = 0; i < 10; ++i) genes.push_back(categorical_gene("g" + std::to_string(i), 4));
  const Genotype parent = {std::vector<double>(10, 1.0)};
  RandomStream random = stream();
  int num_changed = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Genotype child = mutate(genes, parent, {.mutated_genes = 2.0}, random);
    for (const double value : child.values) num_changed += value != 1.0 ? 1 : 0;
  }
  // Binomial of 10 genes with probability 0.2 each: five standard deviations of the mean.
  EXPECT_NEAR(double{1} * num_changed / kDraws, 2.0, 5 * std::sqrt(1.6 / kDraws));
}

TEST(Mutation, MovesACategoryToEachOtherOneEquallyOften) {
  const std::vector<Gene> genes = {categorical_gene("a", 4)};
  RandomStream random = stream();
  std::vector<int> counts(4);
  for (int i = 0; i < kDraws; ++i) ++counts[static_cast<std::size_t>(mutate(genes, {{1.0}}, {}, random).integer(0))];
  EXPECT_EQ(counts[1], 0);
  for (const std::size_t other : {0U, 2U, 3U}) EXPECT_NEAR(counts[other], kDraws / 3.0, 5 * std::sqrt(kDraws * 2.0 / 9.0));
}

TEST(Mutation, MovesAnIntegerByOneStepMoreOftenThanFar) {
  const std::vector<Gene> genes = {integer_gene("a", 0, 100)};
  RandomStream random = stream();
  int num_steps = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double moved = mutate(genes, {{50.0}}, {}, random).values[0] - 50.0;
    EXPECT_NE(moved, 0.0);
    num_steps += std::abs(moved) == 1.0 ? 1 : 0;
  }
  constexpr double kExpected = 0.5 + 0.5 * 2.0 / 100.0;
  EXPECT_NEAR(double{1} * num_steps / kDraws, kExpected, 5 * std::sqrt(0.25 / kDraws));
}

TEST(Mutation, StepsAnIntegerAtItsBoundInwards) {
  const std::vector<Gene> genes = {integer_gene("a", 0, 1)};
  RandomStream random = stream();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(mutate(genes, {{0.0}}, {}, random).values[0], 1.0);
    EXPECT_EQ(mutate(genes, {{1.0}}, {}, random).values[0], 0.0);
  }
}

TEST(Mutation, StepsARealAsItsDistributionSays) {
  // From the middle of [-1, 1] with a bound at relative distance 1/2: u < 1/2 moves down by at most d when
  // (2u + (1 - 2u) (1/2)^(index + 1))^(1 / (index + 1)) >= 1 - d / 2.
  const std::vector<Gene> genes = {real_gene("x", -1.0, 1.0)};
  constexpr double kIndex = 3.0;
  constexpr double kDistance = 0.2;
  const double kept = std::pow(1.0 - kDistance / 2.0, kIndex + 1.0);
  const double far = std::pow(0.5, kIndex + 1.0);
  const double expected = 1.0 - (kept - far) / (1.0 - far);
  RandomStream random = stream();
  int num_near = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double moved = mutate(genes, {{0.0}}, {.mutation_index = kIndex}, random).values[0];
    num_near += std::abs(moved) <= kDistance ? 1 : 0;
  }
  EXPECT_NEAR(double{1} * num_near / kDraws, expected, 5 * std::sqrt(expected * (1 - expected) / kDraws));
}

TEST(Mutation, StaysWithinTheBoundsFromABound) {
  const std::vector<Gene> genes = {real_gene("x", 0.0, 1.0)};
  RandomStream random = stream();
  for (int i = 0; i < kDraws; ++i) {
    EXPECT_TRUE(is_within(genes, mutate(genes, {{0.0}}, {.mutation_index = 0.0}, random)));
    EXPECT_TRUE(is_within(genes, mutate(genes, {{1.0}}, {.mutation_index = 0.0}, random)));
  }
}

TEST(Mutation, LeavesAGeneWithASingleValue) {
  RandomStream random = stream();
  const std::vector<Gene> genes = {integer_gene("a", 4, 4), real_gene("b", 0.5, 0.5), categorical_gene("c", 1)};
  EXPECT_EQ(mutate(genes, {{4.0, 0.5, 0.0}}, {.mutated_genes = 3.0}, random), (Genotype{{4.0, 0.5, 0.0}}));
}

}  // namespace
}  // namespace crossloom
