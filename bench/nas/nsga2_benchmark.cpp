// Runs a search on problems with known fronts: one JSON line a seed.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>

#include "nas/hypervolume.h"
#include "nas/search.h"
#include "support/error.h"
#include "support/json.h"
#include "support/number_text.h"
#include "tests/nas/benchmark_problems.h"

namespace crossloom {
namespace {

struct Request {
  std::string problem = "zdt1";
  std::string seeds = "1:10";
  std::string algorithm = "nsga2";
  std::int64_t population = -1;
  std::int64_t generations = -1;
  std::int64_t evaluations = std::int64_t{1} << 40;
  std::int64_t threads = 1;
  VariationOptions variation = {};
};

struct SeedRange {
  std::int64_t first = 1;
  std::int64_t last = 1;
};

SeedRange parse_seeds(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto first = parse_integer(text.substr(0, colon));
  const auto last = colon == std::string::npos ? first : parse_integer(text.substr(colon + 1));
  if (!first || !last || *first < 0 || *last < *first) {
    throw UserError("--seeds: " + text + ", allowed: FIRST:LAST with 0 <= FIRST <= LAST");
  }
  return {.first = *first, .last = *last};
}

SearchAlgorithm parse_algorithm(const std::string& text) {
  const auto names = enum_names(SearchAlgorithm{});
  const auto name = std::ranges::find(names, std::string_view(text));
  if (name == names.end()) throw UserError("--algorithm: " + text + ", allowed: nsga2, rnc, random");
  return static_cast<SearchAlgorithm>(name - names.begin());
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Json run_seed(const BenchmarkProblem& benchmark, const SearchOptions& options, double true_hypervolume) {
  const double start = cpu_seconds();
  const SearchResult result = search(benchmark.problem, options);
  const double seconds = cpu_seconds() - start;
  const auto volume = [&](const ParetoFront& front) { return hypervolume(objectives_of(front), benchmark.reference_point); };
  return Json::Object{{"problem", benchmark.problem.name},
                      {"algorithm", enum_names(SearchAlgorithm{})[static_cast<std::size_t>(options.course.algorithm)]},
                      {"seed", options.course.seed},
                      {"hypervolume", volume(pareto_front(result.state.population))},
                      {"archive_hypervolume", volume(result.front)},
                      {"true_hypervolume", true_hypervolume},
                      {"num_evaluations", result.state.num_evaluations()},
                      {"cpu_s", seconds}};
}

void run(const Request& request) {
  const BenchmarkProblem benchmark = benchmark_problem(request.problem);
  const SeedRange seeds = parse_seeds(request.seeds);
  const double true_hypervolume = hypervolume(benchmark.true_front, benchmark.reference_point);
  SearchOptions options;
  options.course.algorithm = parse_algorithm(request.algorithm);
  options.course.population_size = request.population < 0 ? benchmark.population_size : request.population;
  // A continuous front has no end of members; that of a table is kept whole.
  options.course.archive_capacity = benchmark.is_enumerable ? 0 : options.course.population_size;
  options.course.variation = request.variation;
  options.course.variation.redraw_probability = benchmark.redraw_probability;
  options.max_generations = request.generations < 0 ? benchmark.generations : request.generations;
  options.max_evaluations = request.evaluations;
  options.num_threads = request.threads;
  options.reference_point = benchmark.reference_point;
  for (std::int64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    options.course.seed = seed;
    std::puts(run_seed(benchmark, options, true_hypervolume).dump(-1).c_str());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  crossloom::Request request;
  CLI::App app(
      "Searches a problem with a known Pareto front; one JSON line a seed with the hypervolume of the final population's "
      "first front and of the archive");
  app.add_option("--problem", request.problem, "zdt1 to zdt4, zdt6, dtlz2, bnh, srn, tnk, osy or networks")->required();
  app.add_option("--seeds", request.seeds, "FIRST:LAST")->capture_default_str();
  app.add_option("--algorithm", request.algorithm, "nsga2, rnc or random")->capture_default_str();
  app.add_option("--population", request.population, "individuals; default: 100, or 30 for networks");
  app.add_option("--generations", request.generations,
                 "after the first; default: 250, or 500 for bnh, srn, tnk, osy (and 1000 for networks)");
  app.add_option("--evaluations", request.evaluations, "budget of evaluated candidates; default: none");
  app.add_option("--mutated-genes", request.variation.mutated_genes, "mean a child")->capture_default_str();
  app.add_option("--crossover-index", request.variation.crossover_index, "of SBX")->capture_default_str();
  app.add_option("--mutation-index", request.variation.mutation_index, "of polynomial mutation")->capture_default_str();
  app.add_option("--threads", request.threads, "threads that evaluate")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    crossloom::run(request);
  } catch (const crossloom::UserError& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
  return 0;
}
