#include "nas/domination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace crossloom {
namespace {

using testing::ElementsAre;
using Objectives = std::vector<double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<Score> feasible(const std::vector<Objectives>& points) {
  std::vector<Score> scores;
  for (const Objectives& point : points) scores.push_back({.objectives = point});
  return scores;
}

TEST(Domination, OfTwoFeasibleNeedsNowhereWorseAndSomewhereBetter) {
  const Objectives a = {1, 2};
  const Objectives b = {1, 3};
  const Objectives c = {0, 4};
  EXPECT_EQ(compare({a}, {b}), Domination::kFirst);
  EXPECT_EQ(compare({b}, {a}), Domination::kSecond);
  EXPECT_EQ(compare({a}, {c}), Domination::kNeither);
  EXPECT_EQ(compare({a}, {a}), Domination::kNeither);
}

TEST(Domination, PutsTheFeasibleBeforeTheInfeasibleWhateverItsObjectives) {
  const Objectives good = {0, 0};
  const Objectives bad = {9, 9};
  EXPECT_EQ(compare({good, 0.1}, {bad, 0.0}), Domination::kSecond);
}

TEST(Domination, OfTwoInfeasibleGoesToTheSmallerViolation) {
  const Objectives good = {0, 0};
  const Objectives bad = {9, 9};
  EXPECT_EQ(compare({good, 0.2}, {bad, 0.1}), Domination::kSecond);
  EXPECT_EQ(compare({good, 0.1}, {bad, 0.1}), Domination::kNeither);
}

TEST(Domination, OfTwoFailedIsUndecided) {
  EXPECT_EQ(compare(score_of({.failure = "a"}), score_of({.failure = "b"})), Domination::kNeither);
}

TEST(FastNonDominatedSort, PeelsFrontsAsBruteForceDoes) {
  RandomStream random(5, {.purpose = RandomPurpose::kTest});
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<Objectives> points(40);
    for (Objectives& point : points) {
      for (int i = 0; i < 3; ++i) point.push_back(static_cast<double>(random.next_below(6)));
    }
    const std::vector<Score> scores = feasible(points);
    std::vector<bool> is_gone(points.size(), false);
    for (const std::vector<std::size_t>& front : fast_non_dominated_sort(scores)) {
      std::vector<std::size_t> expected;
      for (std::size_t p = 0; p < points.size(); ++p) {
        bool is_dominated = false;
        for (std::size_t q = 0; q < points.size(); ++q) {
          is_dominated |= !is_gone[q] && compare(scores[q], scores[p]) == Domination::kFirst;
        }
        if (!is_gone[p] && !is_dominated) expected.push_back(p);
      }
      EXPECT_EQ(front, expected);
      for (const std::size_t p : front) is_gone[p] = true;
    }
    EXPECT_EQ(std::ranges::count(is_gone, false), 0);
  }
}

TEST(FastNonDominatedSort, OfNothingIsNoFront) { EXPECT_TRUE(fast_non_dominated_sort({}).empty()); }

TEST(CrowdingDistance, AddsTheGapsBetweenNeighboursOverTheSpans) {
  const std::vector<Objectives> front = {{0, 10}, {4, 3}, {1, 8}, {5, 0}};
  // {1, 8}: (4 - 0) / 5 + (10 - 3) / 10; {4, 3}: (5 - 1) / 5 + (8 - 0) / 10
  EXPECT_THAT(crowding_distances(feasible(front)),
              ElementsAre(kInfinity, testing::DoubleEq(1.6), testing::DoubleEq(1.5), kInfinity));
}

TEST(CrowdingDistance, IgnoresAConstantObjective) {
  const std::vector<Objectives> front = {{0, 7, 4}, {1, 7, 3}, {4, 7, 0}};
  EXPECT_THAT(crowding_distances(feasible(front)), ElementsAre(kInfinity, testing::DoubleEq(2.0), kInfinity));
}

TEST(CrowdingDistance, OfEqualPointsIsZero) {
  const std::vector<Objectives> front = {{1, 1}, {1, 1}, {1, 1}};
  EXPECT_THAT(crowding_distances(feasible(front)), ElementsAre(0.0, 0.0, 0.0));
}

TEST(CrowdingDistance, OfPointsWithoutObjectivesIsZero) {
  EXPECT_THAT(crowding_distances(std::vector<Score>(2, Score{.violation = 1.0})), ElementsAre(0.0, 0.0));
}

TEST(LeastCrowded, BringsDistancesUpToDateAfterEachLoss) {
  const std::vector<Objectives> front = {{0, 10}, {1, 9}, {2, 8}, {3, 7}, {10, 0}};
  // {1, 9} and {2, 8} both have gaps of 2: the later goes. {1, 9} then has gaps of 3, {3, 7} of 9: {1, 9} goes next.
  EXPECT_THAT(least_crowded(feasible(front), 4), ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(least_crowded(feasible(front), 3), ElementsAre(0, 3, 4));
}

TEST(LeastCrowded, KeepsEveryPointThatFits) {
  const std::vector<Objectives> front = {{0, 1}, {1, 0}};
  EXPECT_THAT(least_crowded(feasible(front), 5), ElementsAre(0, 1));
}

}  // namespace
}  // namespace crossloom
