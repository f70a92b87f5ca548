#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "nas/domination.h"
#include "nas/hypervolume.h"
#include "tests/nas/benchmark_problems.h"

namespace crossloom {
namespace {

/// No feasible point drawn at random near the front's own coordinates may dominate a point of the front.
class TrueFront : public testing::TestWithParam<std::string_view> {};

TEST_P(TrueFront, IsDominatedByNoRandomPoint) {
  const BenchmarkProblem benchmark = benchmark_problem(GetParam());
  std::vector<std::vector<double>> front = benchmark.true_front;
  std::ranges::sort(front);
  const auto second = [](const std::vector<double>& member) { return member[1]; };
  ASSERT_TRUE(std::ranges::is_sorted(front, std::greater<>(), second));  // the more of the first, the less of the second
  RandomStream random(2, {.purpose = RandomPurpose::kTest});
  for (int i = 0; i < 20000; ++i) {
    Genotype genotype = random_genotype(benchmark.problem.genes, random);
    // Fronts lie on bounds more often than not.
    for (std::size_t gene = 0; gene < genotype.values.size(); ++gene) {
      const Gene& bounds = benchmark.problem.genes[gene];
      const double side = random.next_uniform();
      if (side < 0.3) genotype.values[gene] = bounds.min;
      if (side > 0.9) genotype.values[gene] = bounds.max;
    }
    const Evaluation evaluation = evaluate_safely(benchmark.problem, genotype);
    if (!evaluation.is_feasible()) continue;
    const std::vector<double>& point = evaluation.objectives;
    const auto worse =
        std::ranges::upper_bound(front, std::vector<double>{point[0] + 1e-6, std::numeric_limits<double>::infinity()});
    EXPECT_FALSE(worse != front.end() && point[1] < (*worse)[1] - 1e-6) << point[0] << ' ' << point[1];
  }
}

INSTANTIATE_TEST_SUITE_P(Constrained, TrueFront, testing::Values("bnh", "srn", "tnk", "osy"),
                         [](const auto& test) { return std::string(test.param); });

// Areas below the fronts in closed form, with the reference point (1.1, 1.1); the sample leaves a little out.
TEST(TrueFronts, OfZdt1HasTheAreaOfItsIntegral) {
  // 1.1^2 - integral of 1 - sqrt(x) from 0 to 1 - the strip to the right: 1.21 - 1/3
  const BenchmarkProblem benchmark = benchmark_problem("ZDT1");
  EXPECT_NEAR(hypervolume(benchmark.true_front, benchmark.reference_point), 1.21 - 1.0 / 3.0, 1e-4);
}

TEST(TrueFronts, OfZdt2HasTheAreaOfItsIntegral) {
  const BenchmarkProblem benchmark = benchmark_problem("zdt2");
  EXPECT_NEAR(hypervolume(benchmark.true_front, benchmark.reference_point), 1.21 - 2.0 / 3.0, 1e-4);
}

TEST(TrueFronts, OfTheNetworksHaveTenToTwentyThousandPhenotypesBehindThem) {
  const Problem problem = benchmark_problem("networks").problem;
  Problem unconstrained = problem;
  unconstrained.constraints.clear();
  unconstrained.evaluate = [](const Genotype&) { return Evaluation{.objectives = {0.0, 0.0}}; };
  // (9 + 81 + 729) shapes of 1 to 3 layers, 4 crossbar sides, 5 ADCs
  EXPECT_EQ(enumerate(unconstrained).size(), 819U * 20U);
  EXPECT_LT(enumerate(problem).size(), 819U * 20U);
}

}  // namespace
}  // namespace crossloom
