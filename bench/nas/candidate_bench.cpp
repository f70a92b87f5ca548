#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nas/candidate/candidate_evaluator.h"
#include "nas/candidate/search_file.h"
#include "support/random_stream.h"

namespace crossloom {
namespace {

/// Random candidates of a space, as the first generation of a search has them.
std::vector<Genotype> random_candidates(const Problem& problem, std::uint64_t count) {
  std::vector<Genotype> candidates;
  candidates.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    RandomStream random(1, {.purpose = RandomPurpose::kTest, .trial = i});
    candidates.push_back(problem.phenotype(random_genotype(problem.genes, random)));
  }
  return candidates;
}

/// Hardware of candidates: network, compilation with effort fast, estimate. Time of all of them; `candidates` a second.
void score(benchmark::State& state, const std::string& search, std::int64_t num_threads) {
  const SearchFile file = parse_search_yaml(search, "bench");
  const CandidateEvaluator evaluator(file);
  const Problem problem = evaluator.problem();
  const std::vector<Genotype> candidates = random_candidates(problem, 64);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(evaluate_all(problem, candidates, num_threads));
  state.counters["candidates"] = benchmark::Counter(
      static_cast<double>(candidates.size() * static_cast<std::size_t>(state.iterations())), benchmark::Counter::kIsRate);
}

void register_all() {
  const std::string common =
      "chip: rnc-mnsim-128\nobjectives: [latency, memory]\nclasses: 10\nhardware: {effort: fast, crossbars: ";
  struct Search {
    std::string name;
    std::string text;
  };
  for (const Search& search :
       {Search{"mobilenet_v3_small/64x64/253", "space: mobilenet_v3_small\ninput: 1x3x64x64\n" + common + "253}\n"},
        Search{"mobilenet_v3_small/32x32/width_0.5/150",
               "space: mobilenet_v3_small\ninput: 1x3x32x32\nwidth: 0.5\nstem_stride: 1\n" + common + "150}\n"}}) {
    for (const std::int64_t num_threads : {1, 2}) {
      benchmark::RegisterBenchmark(("score/" + search.name + "/threads:" + std::to_string(num_threads)).c_str(),
                                   [=](benchmark::State& state) { score(state, search.text, num_threads); })
          ->MeasureProcessCPUTime()
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  crossloom::register_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
