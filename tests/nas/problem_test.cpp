#include "nas/problem.h"

#include <gtest/gtest.h>

#include <cmath>

namespace crossloom {
namespace {

Problem square_problem() {
  return {.name = "square",
          .genes = {integer_gene("x", -100, 100)},
          .objectives = {"f"},
          .constraints = {"c"},
          .evaluate = [](const Genotype& x) {
            return Evaluation{.objectives = {x.values[0] * x.values[0]}, .violations = {-x.values[0]}};
          }};
}

TEST(Evaluation, AddsUpOnlyWhatIsViolated) {
  EXPECT_EQ((Evaluation{.violations = {-5.0, 0.25, 0.5}}).total_violation(), 0.75);
  EXPECT_TRUE((Evaluation{.violations = {-5.0, 0.0}}).is_feasible());
  EXPECT_FALSE((Evaluation{.failure = "why"}).is_feasible());
}

TEST(EvaluateAll, KeepsTheOrderForEveryNumberOfThreads) {
  const Problem problem = square_problem();
  std::vector<Genotype> genotypes;
  for (int x = -100; x <= 100; ++x) genotypes.push_back({{double{1} * x}});
  for (const std::int64_t num_threads : {1, 2, 5, 1000}) {
    const std::vector<Evaluation> evaluations = evaluate_all(problem, genotypes, num_threads);
    ASSERT_EQ(evaluations.size(), genotypes.size());
    for (std::size_t i = 0; i < genotypes.size(); ++i) EXPECT_EQ(evaluations[i], problem.evaluate(genotypes[i]));
  }
}

TEST(SpaceHash, ChangesWithEachPartOfTheSpace) {
  const Problem problem = square_problem();
  std::vector<Problem> others(6, problem);
  others[0].name = "cube";
  others[1].genes[0].max = 99.0;
  others[2].genes[0].kind = GeneKind::kReal;
  others[3].genes[0].name = "y";
  others[4].objectives = {"g"};
  others[5].constraints = {};
  EXPECT_EQ(space_hash(problem), space_hash(square_problem()));
  for (const Problem& other : others) EXPECT_NE(space_hash(problem), space_hash(other));
}

}  // namespace
}  // namespace crossloom
