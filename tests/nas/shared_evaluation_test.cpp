#include "nas/shared_evaluation.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace crossloom {
namespace {

/// Scores that need all their digits, candidates that violate, that lack objectives and that fail.
Problem awkward_problem() {
  return {.name = "awkward",
          .genes = {real_gene("x", -1.0, 1.0), integer_gene("kind", 0, 3)},
          .objectives = {"third", "large"},
          .constraints = {"limit"},
          .evaluate = [](const Genotype& genotype) -> Evaluation {
            const double x = genotype.values[0];
            switch (genotype.integer(1)) {
              case 0:
                return {.objectives = {x / 3.0, 1e300 * x}, .violations = {-0.1}};
              case 1:
                return {.objectives = {-x, 0.1 + 0.2}, .violations = {1.0 / 7.0}};
              case 2:
                return {.objectives = {}, .violations = {5e-324}};
              default:
                throw std::runtime_error("two\nlines! and \"quotes\"");
            }
          }};
}

TEST(SharedEvaluation, GivesTheBitsOfAnEvaluationHere) {
  const Problem problem = awkward_problem();
  std::vector<Genotype> phenotypes;
  for (int i = 0; i < 40; ++i) phenotypes.push_back({.values = {0.05 * i - 0.99, static_cast<double>(i % 4)}});
  ThreadSharing sharing(3);
  EXPECT_EQ(evaluate_shared(problem, phenotypes, sharing), evaluate_all(problem, phenotypes, 1));
}

TEST(SharedEvaluation, OfNothingIsNothing) {
  ThreadSharing sharing(2);
  EXPECT_TRUE(evaluate_shared(awkward_problem(), {}, sharing).empty());
}

}  // namespace
}  // namespace crossloom
