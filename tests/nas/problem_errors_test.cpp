#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "nas/problem.h"
#include "support/error.h"

namespace crossloom {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// A problem of one objective and one constraint with the given outcome for every candidate.
Problem problem_with(std::function<Evaluation(const Genotype&)> evaluate) {
  return {.name = "p",
          .genes = {integer_gene("x", 0, 9)},
          .objectives = {"latency"},
          .constraints = {"area"},
          .evaluate = std::move(evaluate)};
}

Evaluation outcome(std::function<Evaluation(const Genotype&)> evaluate) {
  return evaluate_safely(problem_with(std::move(evaluate)), {{0.0}});
}

TEST(ProblemErrors, AnExceptionMakesAFailedCandidateWithItsMessage) {
  EXPECT_EQ(outcome([](const Genotype&) -> Evaluation { throw std::runtime_error("no memory left"); }),
            (Evaluation{.failure = "no memory left"}));
}

TEST(ProblemErrors, AnExceptionOfUnknownTypeMakesAFailedCandidate) {
  EXPECT_EQ(outcome([](const Genotype&) -> Evaluation { throw 7; }).failure, "an exception of unknown type");
}

TEST(ProblemErrors, AMessageThatIsNotTextIsCutOff) {
  EXPECT_EQ(outcome([](const Genotype&) -> Evaluation { throw std::runtime_error("bad \xff byte"); }).failure, "bad ");
}

TEST(ProblemErrors, ANumberThatIsNotFiniteMakesAFailedCandidate) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(outcome([](const Genotype&) { return Evaluation{.objectives = {kNan}, .violations = {0.0}}; }).failure,
            "objective latency is not a finite number");
  EXPECT_EQ(outcome([](const Genotype&) { return Evaluation{.objectives = {1.0}, .violations = {kNan}}; }).failure,
            "constraint area is not a finite number");
}

TEST(ProblemErrors, AWrongNumberOfObjectivesMakesAFailedCandidate) {
  EXPECT_EQ(outcome([](const Genotype&) {
              return Evaluation{.objectives = {1.0, 2.0}, .violations = {0.0}};
            }).failure,
            "2 values for 1 objectives");
}

TEST(ProblemErrors, ObjectivesMayBeAbsentOnlyWhereAConstraintIsViolated) {
  EXPECT_EQ(outcome([](const Genotype&) { return Evaluation{.violations = {0.5}}; }).failure, "");
  EXPECT_EQ(outcome([](const Genotype&) { return Evaluation{.violations = {0.0}}; }).failure, "0 values for 1 objectives");
}

TEST(ProblemErrors, NoFunctionNoObjectiveAndRepeatedNamesAreRefused) {
  Problem problem = problem_with(nullptr);
  EXPECT_THAT([&] { check(problem); }, ThrowsMessage<UserError>(HasSubstr("no function")));
  problem.constraints = {"area", "area"};
  EXPECT_THAT([&] { check(problem); }, ThrowsMessage<UserError>("constraint area: stands twice"));
  problem.objectives.clear();
  EXPECT_THAT([&] { check(problem); }, ThrowsMessage<UserError>(HasSubstr("at least one objective")));
}

}  // namespace
}  // namespace crossloom
