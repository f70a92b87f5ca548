#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/compile.h"
#include "compiler/import/load_network.h"
#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/packer.h"
#include "simulator/hardware/chip_yaml.h"
#include "support/random_stream.h"
#include "tests/compiler/packing/example_problems.h"

namespace crossloom {
namespace {

/// Packs with one packer; reports the crossbars used beside the lower bound.
void pack_with(benchmark::State& state, const Packer& packer, const PackingProblem& problem, PackingEffort effort) {
  std::int64_t num_crossbars = 0;
  for ([[maybe_unused]] auto _ : state) {
    const std::optional<Packing> packing = packer.pack(problem, {.effort = effort});
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

/// The whole compilation of a built-in network for one 64x64 image on rnc-mnsim-128, as a search asks for it.
void compile_fast(benchmark::State& state, const std::string& name) {
  const Network network = load_network(name, {.input_shape = TensorShape{.channels = 3, .height = 64, .width = 64}}).network;
  const ChipConfig chip = load_chip("rnc-mnsim-128");
  const CompileOptions options{.budget = {.multiple_of_fewest = 1.5}, .effort = PackingEffort::kFast};
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(compile(network, chip, options));
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
      benchmark::RegisterBenchmark(name.c_str(), pack_with, packer, rnc_problem(network.name, network.depth_split),
                                   PackingEffort::kDefault)
          ->Unit(benchmark::kMicrosecond);
    }
    for (const std::int64_t count : {1000, 5000, 20000}) {
      const std::string name = std::string(packer.name) + "/random/blocks:" + std::to_string(count);
      benchmark::RegisterBenchmark(name.c_str(), pack_with, packer, many_blocks(count), PackingEffort::kDefault)
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RegisterBenchmark("fast/random/blocks:100000", pack_with, packers().front(), many_blocks(100'000),
                               PackingEffort::kFast)
      ->Unit(benchmark::kSecond);
  for (const char* name : {"mobilenet_v3_small", "squeezenet1_1"}) {
    benchmark::RegisterBenchmark((std::string("compile/fast/64x64/") + name).c_str(), compile_fast, name)
        ->Unit(benchmark::kMillisecond);
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
