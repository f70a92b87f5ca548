#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "compiler/duplication/budget_ledger.h"
#include "compiler/duplication/copies_bound.h"
#include "compiler/duplication/copy_cost.h"
#include "compiler/duplication/duplicate.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

/// Four small layers, each behind the one before and some behind the one before that.
DuplicationProblem random_problem(std::uint64_t trial, std::vector<ObjectiveTerm> objective) {
  RandomStream random(trial, {.purpose = RandomPurpose::kTest});
  const auto draw = [&](std::uint64_t limit) { return 1 + static_cast<std::int64_t>(random.next_below(limit)); };
  DuplicationProblem problem{.crossbar_weights = 8, .objective = std::move(objective), .static_power_mw = 2.0};
  problem.num_crossbars = 5 + draw(8);
  problem.max_blocks_per_crossbar = draw(3) + 1;
  problem.conflict_distance = draw(3) - 2;
  for (std::size_t layer = 0; layer < 4; ++layer) {
    LayerWork work;
    work.num_windows = draw(6);
    work.window_fs = 1'000'000 * draw(50);
    work.num_weights = draw(10);
    work.num_blocks = draw(2);
    problem.layers.push_back(work);
    std::vector<HeadStart>& before = problem.head_starts.emplace_back();
    if (layer > 0) before.push_back({.layer = layer - 1, .fraction = 0.25 * static_cast<double>(draw(4))});
    if (layer > 1 && draw(2) == 1) before.push_back({.layer = layer - 2, .fraction = 0.25 * static_cast<double>(draw(4))});
  }
  return problem;
}

/// The least cost over all copies within the limits of the budget, by trying them all; infinite when single copies pass them.
double least_cost(const DuplicationProblem& problem) {
  const CopyCost cost(problem);
  std::vector<std::int64_t> copies(problem.layers.size(), 1);
  double least = std::numeric_limits<double>::infinity();
  for (;;) {
    const std::int64_t num_crossbars = least_crossbars_of(problem, copies);
    if (num_crossbars <= problem.num_crossbars) least = std::min(least, cost.value(copies, num_crossbars));
    std::size_t i = 0;
    while (i < copies.size() && copies[i] == problem.layers[i].num_windows) copies[i++] = 1;
    if (i == copies.size()) return least;
    ++copies[i];
  }
}

/// Copies that the path offers first.
std::vector<std::int64_t> copies_of(const DuplicationPath& path, std::size_t num_layers) {
  if (!path.best_copies.empty()) return path.best_copies;
  return copies_after(path, path.improvements.empty() ? 0 : path.improvements.back(), num_layers);
}

class MarginalCopies : public testing::TestWithParam<std::string> {};

TEST_P(MarginalCopies, AreAsCheapAsAnyOfASmallProblem) {
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    const DuplicationProblem problem = random_problem(trial, parse_objective(GetParam()));
    const double least = least_cost(problem);
    const DuplicationPath path = duplicate(problem);
    if (path.start_crossbars > problem.num_crossbars) continue;
    const std::vector<std::int64_t> copies = copies_of(path, problem.layers.size());
    const double value = CopyCost(problem).value(copies, least_crossbars_of(problem, copies));
    ASSERT_NEAR(value, least, 1e-12 * least) << "trial " << trial;
    ASSERT_NEAR(path.bound, least, 1e-12 * least) << "trial " << trial;
  }
}

TEST_P(MarginalCopies, AreBoundedByThePriceOfCrossbars) {
  double sum_of_ratios = 0.0;
  int num_trials = 0;
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    const DuplicationProblem problem = random_problem(trial, parse_objective(GetParam()));
    const double least = least_cost(problem);
    if (least == std::numeric_limits<double>::infinity()) continue;
    const double bound = copies_bound(problem, CopyCost(problem), std::vector<std::int64_t>(problem.layers.size(), 1));
    ASSERT_LE(bound, least * (1.0 + 1e-12)) << "trial " << trial;
    sum_of_ratios += bound / least;
    ++num_trials;
  }
  EXPECT_GE(sum_of_ratios / num_trials, 0.75);
}

TEST_P(MarginalCopies, CostLessWithEveryImprovement) {
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    const DuplicationProblem problem = random_problem(trial, parse_objective(GetParam()));
    const DuplicationPath path = duplicate(problem);
    const CopyCost cost(problem);
    double before = cost.value(std::vector<std::int64_t>(problem.layers.size(), 1), path.start_crossbars);
    for (std::size_t i = 0; i < path.improvements.size(); ++i) {
      const double value = cost.value(copies_after(path, path.improvements[i], problem.layers.size()), path.least_crossbars[i]);
      ASSERT_LT(value, before) << "trial " << trial;
      before = value;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Objectives, MarginalCopies,
                         testing::Values("latency", "energy", "crossbars", "latency=0.5,energy=0.5",
                                         "latency=0.7,crossbars=0.3", "throughput=0.5,latency=0.5"),
                         [](const auto& objective) {
                           std::string name = objective.param;
                           std::ranges::replace_if(
                               name, [](char c) { return c == '=' || c == ',' || c == '.'; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace crossloom
