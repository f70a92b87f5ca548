#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packer.h"
#include "support/random_stream.h"
#include "tests/compiler/packing/example_problems.h"

namespace crossloom {
namespace {

/// Packs with one packer; reports the crossbars used beside the area bound.
void pack_with(benchmark::State& state, const Packer& packer, const PackingProblem& problem) {
  std::int64_t num_crossbars = 0;
  for ([[maybe_unused]] auto _ : state) {
    const std::optional<Packing> packing = packer.pack(problem, {});
    num_crossbars = packing->num_crossbars;
    benchmark::DoNotOptimize(num_crossbars);
  }
  state.counters["blocks"] = static_cast<double>(problem.items.size());
  state.counters["crossbars"] = static_cast<double>(num_crossbars);
  state.counters["lower_bound"] = static_cast<double>(lower_bound(problem).num_crossbars);
}

/// Blocks of 1 to 128 rows and columns, 20 a layer, under the rules of RNC.
PackingProblem many_blocks(std::int64_t count) {
  PackingProblem problem{
      .crossbar_rows = 128, .crossbar_cols = 128, .max_blocks_per_crossbar = 6, .conflict_distance = 1, .items = {}};
  RandomStream random(1, {.purpose = RandomPurpose::kTest});
  const auto side = [&] { return 1 + static_cast<std::int64_t>(random.next_below(128)); };
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t rows = side();
    problem.items.push_back({.layer = i / 20, .rows = rows, .cols = side()});
  }
  return with_ample_budget(problem);
}

void register_all() {
  struct Network {
    const char* name;
    std::int64_t depth_split;
  };
  for (const Packer& packer : packers()) {
    for (const Network network :
         {Network{"squeezenet", 1}, {"mbv3_small", 1}, {"mbv3_small", 5}, {"mbv3_small", 9}, {"resnet18", 1}}) {
      const std::string name =
          std::string(packer.name) + "/" + network.name + "/depth_split:" + std::to_string(network.depth_split);
      benchmark::RegisterBenchmark(name.c_str(), pack_with, packer, rnc_problem(network.name, network.depth_split))
          ->Unit(benchmark::kMicrosecond);
    }
    for (const std::int64_t count : {1000, 5000, 20000}) {
      const std::string name = std::string(packer.name) + "/random/blocks:" + std::to_string(count);
      benchmark::RegisterBenchmark(name.c_str(), pack_with, packer, many_blocks(count))->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  crossloom::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
