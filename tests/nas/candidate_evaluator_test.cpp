#include "nas/candidate/candidate_evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/import/load_network.h"
#include "compiler/rnc/rnc_mapper.h"
#include "nas/candidate/search_results.h"
#include "simulator/estimate/network_estimate.h"
#include "simulator/hardware/chip_yaml.h"
#include "simulator/simulate.h"
#include "support/random_stream.h"
#include "tests/nas/example_search.h"
#include "tests/support/error_message.h"

namespace crossloom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Genotype smallest(const Problem& problem) { return {.values = std::vector<double>(problem.genes.size())}; }

TEST(ParameterBytes, AreWeightsAtTheChipsBitsAndBiasesOf32) {
  // LeNet-5 (LeCun 1998): weights 6*25 + 16*150 + 120*400 + 84*120 + 10*84 = 61,470, biases 6 + 16 + 120 + 84 + 10 = 236.
  const Network network = load_network("lenet5").network;
  ASSERT_EQ(num_parameters(network), 61'470 + 236);
  ChipConfig chip = load_chip("edge-64");
  chip.arithmetic.weight_bits = 4;
  EXPECT_EQ(parameter_bytes(network, chip), 61'470 / 2.0 + 236 * 4.0);
}

TEST(CandidateEvaluator, ScoresAreThoseOfCompilingTheNetwork) {
  const SearchFile file = parse_search_yaml(small_search(), "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const Genotype genotype = smallest(problem);
  const Evaluation evaluation = problem.evaluate(genotype);
  CompileOptions options;
  options.budget.count = 64;
  options.effort = PackingEffort::kFast;
  const auto compiled = compile(evaluator.network_of(genotype), load_chip("edge-64"), options);
  const auto& program = std::get<CompiledNetwork>(compiled).program;
  EXPECT_EQ(evaluation.objectives[0], quick_estimate(program).figures.latency_ns);
  EXPECT_EQ(evaluation.objectives[1], parameter_bytes(evaluator.network_of(genotype), load_chip("edge-64")));
  EXPECT_EQ(evaluator.figures_of(genotype, EvaluationKind::kSimulate).hardware.latency_ns, simulate(program, {}).latency_ns);
}

TEST(CandidateEvaluator, ABatchTakesItsFirstImageAndAnIntervalForEachFurtherOne) {
  std::string text = small_search("batch: 5\n");
  text.replace(text.find("latency"), 7, "batch_latency");
  const SearchFile file = parse_search_yaml(text, "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const Genotype genotype = smallest(problem);
  CompileOptions options;
  options.budget.count = 64;
  options.effort = PackingEffort::kFast;
  const auto compiled = compile(evaluator.network_of(genotype), load_chip("edge-64"), options);
  const auto& program = std::get<CompiledNetwork>(compiled).program;
  const NetworkEstimate figures = quick_estimate(program).figures;
  EXPECT_EQ(problem.evaluate(genotype).objectives[0], figures.latency_ns + 4.0 * figures.interval_ns);
  const double makespan_ns = simulate(program, {.batch = 5}).makespan_ns;
  EXPECT_NEAR(evaluator.figures_of(genotype, EvaluationKind::kSimulate).batch_latency_ns, makespan_ns, 1e-9 * makespan_ns);
}

TEST(CandidateEvaluator, MacsAreToBeMany) {
  std::string text = small_search("constraints: {num_macs: 1.0e+12}\n");
  text.replace(text.find("memory"), 6, "macs");
  const SearchFile file = parse_search_yaml(text, "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const Evaluation evaluation = problem.evaluate(smallest(problem));
  const auto macs = static_cast<double>(num_macs(evaluator.network_of(smallest(problem))));
  EXPECT_EQ(evaluation.objectives[1], -macs);
  EXPECT_EQ(evaluation.violations[1], 1.0e12 / macs - 1.0);
}

TEST(CandidateEvaluator, WhatDoesNotFitViolatesByTheCrossbarsItLacks) {
  std::string text = small_search();
  text.replace(text.find("crossbars: 64"), 13, "crossbars: 2");
  const SearchFile file = parse_search_yaml(text, "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const Evaluation evaluation = problem.evaluate(smallest(problem));
  const auto needed = evaluator.figures_of(smallest(problem), EvaluationKind::kEstimate).hardware.num_crossbars_fewest;
  EXPECT_THAT(evaluation.violations, ElementsAre(needed / 2.0 - 1.0));
  EXPECT_GT(evaluation.violations[0], 0.0);
  EXPECT_TRUE(evaluation.objectives.empty());
}

TEST(CandidateEvaluator, LimitsCountAsSharesOfThemselves) {
  const SearchFile file =
      parse_search_yaml(small_search("constraints: {latency_ns: 1000, throughput_inferences_per_s: 1.0e+9}\n"), "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  EXPECT_THAT(problem.constraints, ElementsAre("crossbars", "latency_ns", "throughput_inferences_per_s"));
  const Evaluation evaluation = problem.evaluate(smallest(problem));
  const CandidateFigures figures = evaluator.figures_of(smallest(problem), EvaluationKind::kEstimate);
  EXPECT_EQ(evaluation.violations[1], figures.hardware.latency_ns / 1000.0 - 1.0);
  EXPECT_EQ(evaluation.violations[2], 1.0e9 / figures.hardware.throughput_inferences_per_s - 1.0);
}

TEST(CandidateEvaluator, WhatIsToBeLargeIsSearchedWithItsSignTurned) {
  std::string text = small_search();
  text.replace(text.find("memory"), 6, "throughput");
  const SearchFile file = parse_search_yaml(text, "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const double value = problem.evaluate(smallest(problem)).objectives[1];
  const double throughput =
      evaluator.figures_of(smallest(problem), EvaluationKind::kEstimate).hardware.throughput_inferences_per_s;
  EXPECT_EQ(value, -throughput);
  EXPECT_EQ(shown_objective(file, 1, value), throughput);
}

/// The example on crossbars of RNC's size, searched for speed in RNC's evaluator.
std::string rnc_search(const std::string& hardware, const std::string& further = "") {
  std::string text = small_search("batch: 4\nrnc_steps: 20000\n" + further);
  text.replace(text.find("edge-64"), 7, "rnc-mnsim-128");
  text.replace(text.find("latency"), 7, "rnc_batch_latency");
  return text.replace(text.find("crossbars: 64"), 13, hardware);
}

TEST(CandidateEvaluator, RncsEvaluatorScoresAMappingForTheBatchOnTheSameCrossbars) {
  const SearchFile file = parse_search_yaml(rnc_search("crossbars: 30", "baseline: resnet8_cifar10\n"), "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const Evaluation evaluation = problem.evaluate(smallest(problem));
  const std::vector<RncLayer> layers = rnc_layers(evaluator.network_of(smallest(problem)));
  const auto latency_ns = [&](std::int64_t num_steps) { return *rnc_batch_latency_ns(layers, 1, 30, 4, num_steps); };
  EXPECT_EQ(evaluation.objectives[0], latency_ns(20'000));
  EXPECT_LT(evaluation.objectives[0], rnc_isaac_batch_latency_ns(layers, 4));
  EXPECT_EQ(evaluator.figures_of(smallest(problem), EvaluationKind::kSimulate, true).rnc_batch_latency_ns,
            std::min(latency_ns(20'000), latency_ns(200'000)));
  const Network baseline = load_network("resnet8_cifar10").network;
  EXPECT_EQ(evaluator.baseline_figures(EvaluationKind::kSimulate).rnc_batch_latency_ns,
            rnc_isaac_batch_latency_ns(rnc_layers(baseline), 4));
}

TEST(CandidateEvaluator, WhatFitsButNotUnderRncsRulesIsInfeasible) {
  // RNC's rules allow six blocks a crossbar, none of neighbouring layers; the compiler is asked for neither.
  const std::string free = "crossbars: 2, max_blocks_per_crossbar: 0, conflict_distance: -1";
  const SearchFile file = parse_search_yaml(rnc_search(free), "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  ASSERT_LE(evaluator.figures_of(smallest(problem), EvaluationKind::kEstimate).hardware.num_crossbars_fewest, 2.0);
  const Evaluation evaluation = problem.evaluate(smallest(problem));
  EXPECT_THAT(evaluation.violations, ElementsAre(1.0 / 2.0));
  EXPECT_TRUE(evaluation.objectives.empty());
}

TEST(CandidateEvaluator, RncsRulesNeedItsCrossbars) {
  const std::string other_chip = "hardware: rnc_batch_latency: edge-64 has crossbars of 128x32 weights, allowed: RNC's 128x128";
  std::string text = rnc_search("crossbars: 64");
  text.replace(text.find("rnc-mnsim-128"), 13, "edge-64");
  const SearchFile file = parse_search_yaml(text, "s.yaml");
  EXPECT_EQ(user_error([&] { return CandidateEvaluator(file); }), "s.yaml: " + other_chip);
  // Also where hardware varies.
  text.replace(text.find("effort: fast"), 12, "effort: fast, depth_split: [1, 2]");
  const SearchFile varying = parse_search_yaml(text, "s.yaml");
  EXPECT_EQ(user_error([&] { return CandidateEvaluator(varying); }), "s.yaml: " + other_chip);
  // Where the crossbars vary, of those candidates alone that have others.
  const SearchFile sizes = parse_search_yaml(rnc_search("crossbars: 30, crossbar.cols: [128, 64]"), "s.yaml");
  const CandidateEvaluator evaluator(sizes);
  Genotype genotype = smallest(evaluator.problem());
  EXPECT_GT(evaluator.figures_of(genotype, EvaluationKind::kEstimate).rnc_batch_latency_ns, 0.0);
  genotype.values.back() = 1.0;
  EXPECT_EQ(user_error([&] { return evaluator.figures_of(genotype, EvaluationKind::kEstimate); }),
            "rnc_batch_latency: rnc-mnsim-128 has crossbars of 128x64 weights, allowed: RNC's 128x128");
}

/// The example with further hardware.
std::string search_with(const std::string& hardware) {
  std::string text = small_search();
  return text.replace(text.find("effort: fast"), 12, "effort: fast, " + hardware);
}

TEST(CandidateEvaluator, HardwareGenesReplaceValuesOfTheChip) {
  const SearchFile file =
      parse_search_yaml(search_with("adc.columns_per_adc: [8, 64], packer: [max_rects, ejection]"), "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  ASSERT_EQ(problem.genes.size(), genes_of(file.space).size() + 2);
  EXPECT_EQ(problem.genes[problem.genes.size() - 2].kind, GeneKind::kInteger);
  EXPECT_EQ(problem.genes.back().kind, GeneKind::kCategorical);
  Genotype chosen = smallest(problem);
  chosen.values[problem.genes.size() - 2] = 1.0;
  EXPECT_EQ(evaluator.gene_texts(chosen)[problem.genes.size() - 2], "64");
  EXPECT_EQ(evaluator.gene_texts(chosen).back(), "max_rects");

  const SearchFile fixed = parse_search_yaml(search_with("adc.columns_per_adc: 64, packer: max_rects"), "s.yaml");
  const CandidateEvaluator fixed_evaluator(fixed);
  const Problem fixed_problem = fixed_evaluator.problem();
  EXPECT_EQ(problem.evaluate(chosen), fixed_problem.evaluate(smallest(fixed_problem)));
  EXPECT_NE(problem.evaluate(chosen), problem.evaluate(smallest(problem)));
}

TEST(CandidateEvaluator, NameTellsApartWhateverScoresDependOn) {
  const auto name_of = [](const std::string& text) {
    const SearchFile file = parse_search_yaml(text, "s.yaml");
    return CandidateEvaluator(file).problem().name;
  };
  const std::string plain = name_of(small_search());
  EXPECT_EQ(name_of(small_search()), plain);
  std::string wider = small_search();
  wider.replace(wider.find("0.25"), 4, "0.5");
  EXPECT_NE(name_of(wider), plain);
  std::string budget = small_search();
  budget.replace(budget.find("crossbars: 64"), 13, "crossbars: 63");
  EXPECT_NE(name_of(budget), plain);
  EXPECT_NE(name_of(small_search("score: simulate\n")), plain);
  EXPECT_NE(name_of(small_search("batch: 8\n")), plain);
  std::string more_steps = rnc_search("crossbars: 30");
  const std::string steps = name_of(more_steps);
  more_steps.replace(more_steps.find("20000"), 5, "20001");
  EXPECT_NE(name_of(more_steps), steps);
}

TEST(CandidateEvaluator, BaselineHasABlockACrossbarAndNoCopies) {
  const SearchFile file = parse_search_yaml(small_search("baseline: resnet8_cifar10\n"), "s.yaml");
  const CandidateFigures figures = CandidateEvaluator(file).baseline_figures(EvaluationKind::kSimulate);
  EXPECT_EQ(figures.hardware.num_crossbars_used, figures.hardware.num_crossbars_fewest);
  EXPECT_EQ(figures.num_parameters, static_cast<double>(num_parameters(load_network("resnet8_cifar10").network)));
}

TEST(CandidateEvaluator, GenesComeBackFromTheirTexts) {
  const SearchFile file =
      parse_search_yaml(search_with("adc.columns_per_adc: [8, 64], packer: [max_rects, ejection]"), "s.yaml");
  const CandidateEvaluator evaluator(file);
  RandomStream random(3, {});
  for (int i = 0; i < 20; ++i) {
    const Genotype genotype = without_inactive_genes(file.space, random_genotype(evaluator.genes(), random));
    EXPECT_EQ(evaluator.genotype_of(evaluator.gene_texts(genotype)), genotype);
  }
  std::vector<std::string> texts = evaluator.gene_texts(smallest(evaluator.problem()));
  texts.back() = "best_fit";
  EXPECT_EQ(user_error([&] { return evaluator.genotype_of(texts); }), "s.yaml: no value of packer is best_fit");
}

TEST(CandidateEvaluator, AccuracyIsAskedForWhatBreaksNoOtherLimit) {
  int num_asked = 0;
  const AccuracyScorer scorer{.identity = "", .score = [&](const Subnetwork&, const ChipConfig&) {
                                ++num_asked;
                                return CandidateAccuracy{.accuracy_fraction = 0.5};
                              }};
  const auto evaluate = [&](const std::string& constraints) {
    std::string text = small_search("constraints: {" + constraints + "}\n");
    text.replace(text.find("memory"), 6, "accuracy");
    const SearchFile file = parse_search_yaml(text, "s.yaml");
    const CandidateEvaluator evaluator(file, scorer);
    const Problem problem = evaluator.problem();
    return problem.evaluate(smallest(problem));
  };
  const Evaluation kept = evaluate("accuracy_fraction: 0.4");
  EXPECT_EQ(kept.objectives[1], -0.5);
  EXPECT_EQ(kept.violations[1], 0.4 / 0.5 - 1.0);
  EXPECT_EQ(num_asked, 1);
  const Evaluation slow = evaluate("latency_ns: 1, accuracy_fraction: 0.4");
  EXPECT_GT(slow.violations[1], 0.0);
  EXPECT_TRUE(slow.objectives.empty());
  EXPECT_EQ(num_asked, 1);
}

TEST(SearchResults, FrontIsSimulatedWhateverTheThreads) {
  SearchFile file = parse_search_yaml(small_search("baseline: resnet8_cifar10\nbatch: 3\n"), "s.yaml");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const SearchResult result = search(problem, file.options);
  ASSERT_FALSE(result.front.members.empty());
  const CandidateFigures baseline = evaluator.baseline_figures(EvaluationKind::kSimulate);
  const std::vector<FrontMember> one = simulate_front(file, evaluator, result.front, baseline, 1);
  const std::vector<FrontMember> two = simulate_front(file, evaluator, result.front, baseline, 2);
  EXPECT_EQ(front_csv(file, evaluator, problem, one), front_csv(file, evaluator, problem, two));
  EXPECT_EQ(one[0].simulated.hardware.latency_ns,
            evaluator.figures_of(one[0].genotype, EvaluationKind::kSimulate).hardware.latency_ns);
  EXPECT_EQ(one[0].speedup, baseline.batch_latency_ns / one[0].simulated.batch_latency_ns);
}

TEST(SearchResults, SpeedInRncsEvaluatorStandsInTheFrontOfASearchAboutIt) {
  SearchFile file = parse_search_yaml(rnc_search("crossbars: 30", "baseline: resnet8_cifar10\n"), "s.yaml");
  file.options.course.population_size = 4;
  file.options.max_generations = 0;
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const SearchResult result = search(problem, file.options);
  const CandidateFigures baseline = evaluator.baseline_figures(EvaluationKind::kSimulate);
  const std::vector<FrontMember> front = simulate_front(file, evaluator, result.front, baseline, 2);
  ASSERT_FALSE(front.empty());
  EXPECT_EQ(front[0].rnc_speedup, baseline.rnc_batch_latency_ns / front[0].simulated.rnc_batch_latency_ns);
  EXPECT_THAT(front_csv(file, evaluator, problem, front),
              HasSubstr(",speedup_over_baseline,rnc_batch_latency_ns,rnc_speedup_over_baseline,status,"));

  const SearchFile other = parse_search_yaml(small_search(), "s.yaml");
  const CandidateEvaluator without(other);
  EXPECT_THAT(front_csv(other, without, without.problem(), {}), Not(HasSubstr("rnc_")));
}

}  // namespace
}  // namespace crossloom
