#include "nas/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "nas/hypervolume.h"
#include "tests/nas/benchmark_problems.h"

namespace crossloom {
namespace {

SearchOptions small_options(std::int64_t seed = 1) {
  SearchOptions options;
  options.course.seed = seed;
  options.course.population_size = 20;
  options.max_generations = 20;
  return options;
}

/// x and y from 0 to 9, minimise x and 9 - x + y; the front is y = 0.
Problem line_problem() {
  return {.name = "line",
          .genes = {integer_gene("x", 0, 9), integer_gene("y", 0, 9)},
          .objectives = {"a", "b"},
          .evaluate = [](const Genotype& g) {
            return Evaluation{.objectives = {g.values[0], 9 - g.values[0] + g.values[1]}};
          }};
}

double hypervolume_fraction(const BenchmarkProblem& benchmark, const SearchResult& result) {
  return hypervolume(objectives_of(result.front), benchmark.reference_point) /
         hypervolume(benchmark.true_front, benchmark.reference_point);
}

TEST(Search, ReachesTheHypervolumeOfPagmoOnZdt1) {
  // pagmo 2.18, same population, generations and reference point: 0.869407 - 2 * 0.000345 over ten seeds.
  const BenchmarkProblem benchmark = benchmark_problem("zdt1");
  SearchOptions options;
  options.course.archive_capacity = 100;
  options.reference_point = benchmark.reference_point;
  const SearchResult result = search(benchmark.problem, options);
  const ParetoFront front = pareto_front(result.state.population);
  EXPECT_GT(hypervolume(objectives_of(front), benchmark.reference_point), 0.868717);
}

TEST(Search, ComesWithinAHundredthOfConstrainedFronts) {
  for (const std::string_view name : {"bnh", "srn", "tnk"}) {
    const BenchmarkProblem benchmark = benchmark_problem(name);
    SearchOptions options;
    options.course.archive_capacity = 100;
    options.course.variation.redraw_probability = benchmark.redraw_probability;
    options.max_generations = benchmark.generations;
    EXPECT_GT(hypervolume_fraction(benchmark, search(benchmark.problem, options)), 0.99) << name;
  }
}

TEST(Search, FindsTheFrontOfATableWithinFiveThousandEvaluationsAndBeatsRandomSearchWithinOneThousand) {
  const BenchmarkProblem benchmark = benchmark_problem("networks");
  for (std::int64_t seed = 1; seed <= 3; ++seed) {
    SearchOptions options;
    options.course.seed = seed;
    options.course.population_size = benchmark.population_size;
    options.max_generations = benchmark.generations;
    options.max_evaluations = 5000;
    EXPECT_GE(hypervolume_fraction(benchmark, search(benchmark.problem, options)), 0.999);
    options.max_evaluations = 1000;
    const double ours = hypervolume_fraction(benchmark, search(benchmark.problem, options));
    options.course.algorithm = SearchAlgorithm::kRandom;
    EXPECT_GT(ours, hypervolume_fraction(benchmark, search(benchmark.problem, options)));
  }
}

TEST(Search, DoesNotDependOnTheNumberOfThreads) {
  const Problem problem = benchmark_problem("bnh").problem;
  SearchOptions options = small_options();
  const SearchResult one = search(problem, options);
  options.num_threads = 4;
  const SearchResult four = search(problem, options);
  EXPECT_EQ(write_checkpoint(problem, options.course, four.state), write_checkpoint(problem, options.course, one.state));
}

TEST(Search, EvaluatesEachPhenotypeOnceAndEndsWhenNoneIsLeft) {
  SearchOptions options = small_options();
  options.max_generations = 1000;
  const SearchResult result = search(line_problem(), options);
  EXPECT_EQ(result.reason, StopReason::kExhausted);
  EXPECT_LE(result.state.num_evaluations(), 100);
  EXPECT_GT(result.state.num_evaluations(), 90);
  EXPECT_EQ(result.front.members.size(), 10U);
}

TEST(Search, TellsInactiveGenesFromPhenotypes) {
  Problem problem = line_problem();
  problem.phenotype = [](const Genotype& genotype) { return Genotype{{genotype.values[0], 0.0}}; };
  const SearchResult result = search(problem, small_options());
  EXPECT_EQ(result.state.num_evaluations(), 10);
}

TEST(Search, CutsTheLastGenerationAtTheBudget) {
  for (const SearchAlgorithm algorithm : {SearchAlgorithm::kNsga2, SearchAlgorithm::kRnc, SearchAlgorithm::kRandom}) {
    SearchOptions options = small_options();
    options.course.algorithm = algorithm;
    options.max_evaluations = 47;
    const SearchResult result = search(benchmark_problem("srn").problem, options);
    EXPECT_EQ(result.reason, StopReason::kEvaluations);
    EXPECT_EQ(result.state.num_evaluations(), 47);
  }
}

TEST(Search, StopsWhenTheHypervolumeStalls) {
  SearchOptions options = small_options();
  options.max_generations = 10000;
  options.stall_generations = 10;
  options.stall_tolerance = 1e-3;
  const SearchResult result = search(benchmark_problem("srn").problem, options);
  EXPECT_EQ(result.reason, StopReason::kStalled);
  const std::vector<GenerationSummary>& history = result.state.history;
  EXPECT_LE(history.back().hypervolume, history[history.size() - 11].hypervolume * 1.002);
}

TEST(Search, StopsWhenAskedTo) {
  SearchOptions options = small_options();
  int num_calls = 0;
  options.should_stop = [&] { return ++num_calls == 3; };
  const SearchResult result = search(line_problem(), options);
  EXPECT_EQ(result.reason, StopReason::kInterrupted);
  EXPECT_EQ(result.state.history.size(), 3U);
}

TEST(Search, BeginsWithTheGivenMembers) {
  SearchOptions options = small_options();
  options.max_generations = 0;
  options.initial = {{{5.0, 5.0}}, {{5.0, 5.0}}, {{7.0, 1.0}}};
  const SearchResult result = search(line_problem(), options);
  EXPECT_EQ(result.state.candidates.all()[0].phenotype, (Genotype{{5.0, 5.0}}));
  EXPECT_EQ(result.state.candidates.all()[1].phenotype, (Genotype{{7.0, 1.0}}));
}

TEST(Search, HandlesAConstantObjective) {
  Problem problem = line_problem();
  problem.evaluate = [](const Genotype& g) { return Evaluation{.objectives = {g.values[0] + g.values[1], 3.0}}; };
  const SearchResult result = search(problem, small_options());
  ASSERT_EQ(result.front.members.size(), 1U);
  EXPECT_EQ(result.front.members[0].evaluation.objectives, (std::vector<double>{0.0, 3.0}));
  EXPECT_GT(result.state.history.back().hypervolume, 0.0);
}

TEST(Search, SurvivesFailingCandidates) {
  Problem problem = line_problem();
  problem.evaluate = [inner = problem.evaluate](const Genotype& genotype) {
    if (genotype.integer(0) % 2 == 0) throw std::runtime_error("even");
    return inner(genotype);
  };
  const SearchResult result = search(problem, small_options());
  EXPECT_FALSE(result.infeasibility.has_value());
  EXPECT_EQ(result.front.members.size(), 5U);
  EXPECT_GT(result.state.history.back().num_failed, 0);
}

TEST(Search, NamesTheBindingConstraintAndTheNearestCandidateWhenNothingIsFeasible) {
  Problem problem = line_problem();
  problem.constraints = {"crossbars", "area"};
  problem.evaluate = [](const Genotype& g) { return Evaluation{.violations = {g.values[0] + 2.0, 1.0 - g.values[1]}}; };
  const SearchResult result = search(problem, small_options());
  EXPECT_TRUE(result.front.members.empty());
  ASSERT_TRUE(result.infeasibility.has_value());
  EXPECT_EQ(result.infeasibility->binding_constraint, "crossbars");
  EXPECT_EQ(result.infeasibility->constraints[0].smallest_violation, 2.0);
  EXPECT_EQ(result.infeasibility->constraints[1].smallest_violation, 0.0);
  ASSERT_TRUE(result.infeasibility->nearest.has_value());
  EXPECT_EQ(result.infeasibility->nearest->phenotype.values[0], 0.0);
  EXPECT_EQ(result.infeasibility->nearest->evaluation.total_violation(), 2.0);
}

TEST(Search, OfConstraintsThatExcludeEachOtherNamesTheOneTheNearestCandidateViolates) {
  Problem problem = line_problem();
  problem.constraints = {"at most 2", "at least 4"};
  problem.evaluate = [](const Genotype& g) { return Evaluation{.violations = {g.values[0] - 2.0, (4.0 - g.values[0]) * 3.0}}; };
  const SearchResult result = search(problem, small_options());
  ASSERT_TRUE(result.infeasibility.has_value());
  EXPECT_EQ(result.infeasibility->nearest->phenotype.values[0], 4.0);
  EXPECT_EQ(result.infeasibility->binding_constraint, "at most 2");
}

TEST(Search, GivesTheReasonWhenEveryCandidateFails) {
  Problem problem = line_problem();
  problem.evaluate = [](const Genotype&) -> Evaluation { throw std::runtime_error("no data"); };
  const SearchResult result = search(problem, small_options());
  ASSERT_TRUE(result.infeasibility.has_value());
  EXPECT_FALSE(result.infeasibility->nearest.has_value());
  EXPECT_EQ(result.infeasibility->first_failure, "no data");
  EXPECT_EQ(result.infeasibility->num_failed, result.state.num_evaluations());
  EXPECT_EQ(result.state.history.back().smallest_violation, -1.0);
}

}  // namespace
}  // namespace crossloom
