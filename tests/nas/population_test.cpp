#include "nas/population.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossloom {
namespace {

using testing::ElementsAre;

Population population_of(const std::vector<std::vector<double>>& objectives) {
  Population population;
  for (const auto& point : objectives) {
    population.push_back({.evaluation = {.objectives = point}, .candidate = static_cast<std::int64_t>(population.size())});
  }
  return population;
}

std::vector<std::int64_t> numbers(const std::vector<Individual>& individuals) {
  std::vector<std::int64_t> result;
  for (const Individual& individual : individuals) result.push_back(individual.candidate);
  return result;
}

TEST(Survivors, AreTheBestFrontsAndTheLeastCrowdedOfTheNext) {
  // Front 0: candidates 0 and 4; front 1: 1, 2, 3, 5, of which 2 has distance 3.5 / 7 + 4.5 / 7 and 3 the smaller 4 / 7 + 3
  // / 7.
  const Population population = population_of({{1, 1}, {2, 9}, {5, 5}, {5.5, 4.5}, {0, 2}, {9, 2}});
  EXPECT_THAT(numbers(survivors(population, 5)), ElementsAre(0, 4, 1, 2, 5));
}

TEST(Survivors, CarryRanksThatSortingThemAgainConfirms) {
  Population kept = survivors(population_of({{1, 1}, {2, 9}, {5, 5}, {5.5, 4.5}, {0, 2}, {9, 2}}), 5);
  const Population before = kept;
  rank(kept);
  EXPECT_EQ(kept, before);
  EXPECT_EQ(kept.back().rank, 1);
}

TEST(Survivors, OfFewerThanAskedForAreAll) { EXPECT_EQ(survivors(population_of({{1}, {2}}), 10).size(), 2U); }

TEST(Archive, DropsWhatANewMemberDominates) {
  ParetoFront archive;
  add_to_archive(archive, population_of({{3, 3}, {1, 5}, {2, 2}}), 0);
  EXPECT_THAT(numbers(archive.members), ElementsAre(1, 2));
}

TEST(Archive, KeepsTheEarlierOfTwoWithTheSameObjectives) {
  ParetoFront archive;
  add_to_archive(archive, population_of({{1, 1}, {1, 1}}), 0);
  EXPECT_THAT(numbers(archive.members), ElementsAre(0));
}

TEST(Archive, TakesOnlyFeasibleIndividuals) {
  ParetoFront archive;
  add_to_archive(archive, {{.evaluation = {.objectives = {0.0}, .violations = {0.1}}}, {.evaluation = {.failure = "why"}}}, 0);
  EXPECT_TRUE(archive.members.empty());
}

TEST(Archive, BeyondItsCapacityLosesTheMostCrowded) {
  ParetoFront archive;
  add_to_archive(archive, population_of({{0, 10}, {5, 5}, {5.5, 4.9}, {10, 0}}), 3);
  EXPECT_THAT(numbers(archive.members), ElementsAre(0, 1, 3));
}

TEST(ParetoFront, IsInAscendingOrderOfObjectives) {
  EXPECT_THAT(numbers(pareto_front(population_of({{3, 0}, {0, 3}, {1, 1}, {2, 2}})).members), ElementsAre(1, 2, 0));
}

}  // namespace
}  // namespace crossloom
