#include "tests/nas/benchmark_problems.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <unordered_set>

#include "support/error.h"
#include "tests/nas/constrained_problems.h"
#include "tests/nas/network_table_problem.h"

namespace crossloom {
namespace {

using Points = std::vector<std::vector<double>>;

constexpr double kPi = std::numbers::pi;
constexpr int kFrontSamples = 20000;

std::vector<Gene> real_genes(std::size_t count, double min, double max) {
  std::vector<Gene> genes;
  for (std::size_t i = 0; i < count; ++i) genes.push_back(real_gene("x" + std::to_string(i + 1), min, max));
  return genes;
}

double mean_of_rest(const Genotype& x) {
  double sum = 0.0;
  for (std::size_t i = 1; i < x.values.size(); ++i) sum += x.values[i];
  return sum / static_cast<double>(x.values.size() - 1);
}

Evaluation objectives(double f1, double f2) { return {.objectives = {f1, f2}}; }

Evaluation zdt1(const Genotype& x) {
  const double f1 = x.values[0];
  const double g = 1.0 + 9.0 * mean_of_rest(x);
  return objectives(f1, g * (1.0 - std::sqrt(f1 / g)));
}

Evaluation zdt2(const Genotype& x) {
  const double f1 = x.values[0];
  const double g = 1.0 + 9.0 * mean_of_rest(x);
  return objectives(f1, g * (1.0 - (f1 / g) * (f1 / g)));
}

Evaluation zdt3(const Genotype& x) {
  const double f1 = x.values[0];
  const double g = 1.0 + 9.0 * mean_of_rest(x);
  return objectives(f1, g * (1.0 - std::sqrt(f1 / g) - f1 / g * std::sin(10.0 * kPi * f1)));
}

Evaluation zdt4(const Genotype& x) {
  const double f1 = x.values[0];
  double g = 1.0 + 10.0 * static_cast<double>(x.values.size() - 1);
  for (std::size_t i = 1; i < x.values.size(); ++i) {
    g += x.values[i] * x.values[i] - 10.0 * std::cos(4.0 * kPi * x.values[i]);
  }
  return objectives(f1, g * (1.0 - std::sqrt(f1 / g)));
}

double zdt6_first(double x) { return 1.0 - std::exp(-4.0 * x) * std::pow(std::sin(6.0 * kPi * x), 6.0); }

Evaluation zdt6(const Genotype& x) {
  const double f1 = zdt6_first(x.values[0]);
  const double g = 1.0 + 9.0 * std::pow(mean_of_rest(x), 0.25);
  return objectives(f1, g * (1.0 - (f1 / g) * (f1 / g)));
}

Evaluation dtlz2(const Genotype& x) {
  double g = 0.0;
  for (std::size_t i = 2; i < x.values.size(); ++i) g += (x.values[i] - 0.5) * (x.values[i] - 0.5);
  const double first = x.values[0] * kPi / 2.0;
  const double second = x.values[1] * kPi / 2.0;
  return {.objectives = {(1.0 + g) * std::cos(first) * std::cos(second), (1.0 + g) * std::cos(first) * std::sin(second),
                         (1.0 + g) * std::sin(first)}};
}

Genotype with_first(double x, std::size_t num_genes, double others) {
  Genotype genotype = {.values = std::vector<double>(num_genes, others)};
  genotype.values[0] = x;
  return genotype;
}

/// All five ZDT fronts lie where every variable but the first is 0.
BenchmarkProblem zdt(std::string name, std::size_t num_genes, Evaluation (*evaluate)(const Genotype&), double bound_of_rest) {
  BenchmarkProblem benchmark;
  benchmark.problem = {.name = std::move(name),
                       .genes = real_genes(num_genes, bound_of_rest == 1.0 ? 0.0 : -bound_of_rest, bound_of_rest),
                       .objectives = {"f1", "f2"},
                       .evaluate = evaluate};
  benchmark.problem.genes[0] = real_gene("x1", 0.0, 1.0);
  benchmark.reference_point = {1.1, 1.1};
  for (int i = 0; i <= kFrontSamples; ++i) {
    benchmark.true_front.push_back(evaluate(with_first(double{1} * i / kFrontSamples, num_genes, 0.0)).objectives);
  }
  return benchmark;
}

/// The front is the eighth of the unit sphere.
BenchmarkProblem dtlz2_problem() {
  constexpr std::size_t kNumGenes = 12;
  constexpr int kSide = 400;
  BenchmarkProblem benchmark;
  benchmark.problem = {
      .name = "dtlz2", .genes = real_genes(kNumGenes, 0.0, 1.0), .objectives = {"f1", "f2", "f3"}, .evaluate = dtlz2};
  benchmark.reference_point = {1.1, 1.1, 1.1};
  for (int i = 0; i <= kSide; ++i) {
    for (int j = 0; j <= kSide; ++j) {
      Genotype genotype = with_first(double{1} * i / kSide, kNumGenes, 0.5);
      genotype.values[1] = double{1} * j / kSide;
      benchmark.true_front.push_back(dtlz2(genotype).objectives);
    }
  }
  return benchmark;
}

BenchmarkProblem networks_problem() {
  BenchmarkProblem benchmark = {
      .problem = network_table_problem(), .generations = 1000, .population_size = 30, .is_enumerable = true};
  benchmark.true_front = objectives_of(pareto_front(enumerate(benchmark.problem)));
  benchmark.reference_point = {1.0, 1.0};
  return benchmark;
}

constexpr std::array<std::string_view, 11> kNames = {"zdt1", "zdt2", "zdt3", "zdt4", "zdt6",    "dtlz2",
                                                     "bnh",  "srn",  "tnk",  "osy",  "networks"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace

std::span<const std::string_view> benchmark_problem_names() { return kNames; }

BenchmarkProblem benchmark_problem(std::string_view name) {
  const std::string wanted = lower_case(name);
  if (wanted == "zdt1") return zdt(wanted, 30, zdt1, 1.0);
  if (wanted == "zdt2") return zdt(wanted, 30, zdt2, 1.0);
  if (wanted == "zdt3") return zdt(wanted, 30, zdt3, 1.0);
  if (wanted == "zdt4") return zdt(wanted, 10, zdt4, 5.0);
  if (wanted == "zdt6") return zdt(wanted, 10, zdt6, 1.0);
  if (wanted == "dtlz2") return dtlz2_problem();
  if (wanted == "networks") return networks_problem();
  if (std::optional<ConstrainedProblem> constrained = constrained_problem(wanted)) {
    BenchmarkProblem benchmark = {.problem = std::move(constrained->problem), .generations = 500, .redraw_probability = 0.3};
    benchmark.true_front = std::move(constrained->true_front);
    for (std::size_t i = 0; i < benchmark.problem.objectives.size(); ++i) {
      const auto [best, worst] =
          std::ranges::minmax(benchmark.true_front, {}, [i](const std::vector<double>& point) { return point[i]; });
      benchmark.reference_point.push_back(worst[i] + 0.1 * (worst[i] - best[i]));
    }
    return benchmark;
  }
  throw UserError("problem " + std::string(name) + " is not known");
}

Population enumerate(const Problem& problem) {
  Population all;
  std::unordered_set<Genotype, GenotypeHash> seen;
  Genotype genotype;
  for (const Gene& gene : problem.genes) genotype.values.push_back(gene.min);
  for (std::size_t carry = 0; carry < problem.genes.size();) {
    const Genotype phenotype = phenotype_of(problem, genotype);
    if (seen.insert(phenotype).second) {
      Evaluation evaluation = evaluate_safely(problem, phenotype);
      if (evaluation.is_feasible()) {
        all.push_back({.genotype = genotype, .phenotype = phenotype, .evaluation = std::move(evaluation)});
      }
    }
    // The next number in a system whose digits are the genes.
    for (carry = 0; carry < problem.genes.size(); ++carry) {
      if (genotype.values[carry] < problem.genes[carry].max) {
        ++genotype.values[carry];
        break;
      }
      genotype.values[carry] = problem.genes[carry].min;
    }
  }
  return all;
}

}  // namespace crossloom
