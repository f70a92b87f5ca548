// Speedup of our mappings over the ISAAC-like baseline (a crossbar for each block, no copies) in our simulator, as a table and,
// with a file name, as a figure: isaac_speedup [FIGURE.svg].

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include "compiler/baseline.h"
#include "compiler/compile.h"
#include "compiler/import/load_network.h"
#include "report/plot.h"
#include "simulator/hardware/chip_yaml.h"
#include "simulator/simulate.h"
#include "support/atomic_file.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr const char* kChip = "isaac-ce";
constexpr const char* kNetworks[] = {"squeezenet1_1", "mobilenet_v3_small", "mobilenet_v2", "resnet18"};
constexpr double kMultiples[] = {1.0, 1.25, 1.5, 2.0};
constexpr std::int64_t kBatch = 8;

struct Run {
  std::int64_t num_crossbars = 0;
  double latency_ns = 0.0;   ///< of one image
  double makespan_ns = 0.0;  ///< of kBatch images
};

Run run(const Network& network, const ChipConfig& chip, const CompileOptions& options) {
  const auto result = compile(network, chip, options);
  const auto* compiled = std::get_if<CompiledNetwork>(&result);
  if (compiled == nullptr) throw UserError(network.name + " does not fit on " + chip.name);
  return {.num_crossbars = static_cast<std::int64_t>(compiled->tile_map.crossbars.size()),
          .latency_ns = simulate(compiled->program).latency_ns,
          .makespan_ns = simulate(compiled->program, {.batch = kBatch}).makespan_ns};
}

void compare(const std::string& figure) {
  const ChipConfig chip = load_chip(kChip);
  BarChart chart{.title = "Speedup of one image over a crossbar for each block, no copies",
                 .category_axis = {.name = "network and budget"},
                 .value_axis = {.name = "speedup"},
                 .categories = {},
                 .series = {{.name = "speedup", .values = {}}}};
  fmt::print("| network | budget | crossbars | latency of 1 | speedup | {} images | speedup |\n|---|---|---|---|---|---|---|\n",
             kBatch);
  for (const char* name : kNetworks) {
    const Network network = load_network(name).network;
    const Run baseline = run(network, chip, as_baseline({}, Baseline::kIsaac));
    const auto print = [&](const std::string& budget, const Run& each) {
      constexpr double kNsAMs = 1e6;
      fmt::print("| {} | {} | {} | {:.3f} ms | {:.2f} | {:.3f} ms | {:.2f} |\n", name, budget, each.num_crossbars,
                 each.latency_ns / kNsAMs, baseline.latency_ns / each.latency_ns, each.makespan_ns / kNsAMs,
                 baseline.makespan_ns / each.makespan_ns);
      std::fflush(stdout);
    };
    print("ISAAC-like", baseline);
    for (const double multiple : kMultiples) {
      const Run each = run(network, chip, {.budget = {.count = {}, .multiple_of_fewest = multiple}});
      const std::string budget = fmt::format("{}x", multiple);
      print(budget, each);
      chart.categories.push_back(std::string(name) + ' ' + budget);
      chart.series.front().values.push_back(baseline.latency_ns / each.latency_ns);
    }
  }
  if (!figure.empty()) write_file_atomically(figure, bar_chart_svg(chart));
}

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  try {
    crossloom::compare(argc > 1 ? argv[1] : "");
  } catch (const crossloom::UserError& error) {
    fmt::print(stderr, "isaac_speedup: error: {}\n", error.what());
    return 2;
  }
  return 0;
}
