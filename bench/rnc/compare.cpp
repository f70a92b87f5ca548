// Mappings of ours beside RNC's (arXiv 2409.18841) under RNC's rules and its layer-level evaluator: one line for a budget of a
// layer file, or the table of all budgets that RNC was run on.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/import/load_network.h"
#include "compiler/packing/free_cuts.h"
#include "compiler/packing/lower_bounds.h"
#include "compiler/packing/pack_fewest.h"
#include "compiler/packing/packer.h"
#include "compiler/rnc/rnc_evaluator.h"
#include "compiler/rnc/rnc_mapper.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

struct Request {
  std::string layers;
  std::string network;    ///< instead of layers: a built-in one or a file
  std::string placement;  ///< file to write
  std::string folder;     ///< of rnc_<network>_layers.json: the table of all budgets
  std::int64_t depth_split = 1;
  std::optional<std::int64_t> budget;
  std::int64_t num_steps = 1'000'000'000;
  std::int64_t seed = 0;
  std::optional<std::int64_t> num_inputs;  ///< whose latency alone is made short; without it RNC's 64, and one input's a little
  bool details = false;
  std::string cuts = "crossbar";
  [[nodiscard]] CutRule cut_rule() const { return cuts == "free" ? CutRule::kFree : CutRule::kCrossbar; }
  std::string effort = "best";
  [[nodiscard]] PackingEffort packing_effort() const {
    const auto names = enum_names(PackingEffort::kBest);
    return static_cast<PackingEffort>(std::ranges::find(names, effort) - names.begin());
  }
};

/// Latencies that RNC's published code reached with its duplication, one seed, in ns.
struct PublishedRun {
  std::string_view network;
  std::int64_t depth_split;
  std::int64_t budget;
  double latency_1_ms;  ///< 0: RNC finds no packing
  double latency_64_ms;
};
constexpr PublishedRun kRuns[] = {
    {"squeezenet", 1, 47, 0.0, 0.0},       {"squeezenet", 1, 59, 0.112, 2.171},   {"squeezenet", 1, 94, 0.064, 1.625},
    {"squeezenet", 1, 141, 0.043, 0.856},  {"mbv3_small", 1, 168, 1.60, 62.993},  {"mbv3_small", 1, 210, 1.068, 38.484},
    {"mbv3_small", 1, 252, 0.864, 26.284}, {"mbv3_small", 5, 167, 1.586, 51.960}, {"mbv3_small", 5, 222, 1.31, 36.470},
    {"mbv3_small", 5, 249, 0.0, 0.0},      {"mbv3_small", 5, 299, 0.0, 0.0},      {"mbv3_small", 5, 349, 0.0, 0.0},
    {"mbv3_small", 5, 399, 0.0, 0.0},      {"mbv3_small", 5, 449, 0.0, 0.0},      {"resnet18", 1, 857, 0.964, 16.125},
    {"resnet18", 1, 1370, 0.348, 5.450},
};

template <class Enum>
std::vector<std::string> names_of() {
  const auto names = enum_names(Enum{});
  return {names.begin(), names.end()};
}

double in_ns(std::int64_t activations) { return static_cast<double>(activations) * kRncActivationNs; }

double latency_ns(const RncMapping& mapping, std::int64_t samples, Leftover leftover = Leftover::kDropped,
                  SimultaneousOrder order = SimultaneousOrder::kArrival) {
  return in_ns(rnc_latency_activations(mapping, samples, leftover, order));
}

/// One copy of each layer on as few crossbars as are found, and what is proven.
struct FewestLayers {
  RncResult result;
  CrossbarBound bound;
};

FewestLayers pack_layers(const std::vector<RncLayer>& layers, const Request& request) {
  const PackingProblem problem = rnc_packing_problem(layers, request.depth_split, 0);
  const PackingEffort effort = request.packing_effort();
  if (request.cut_rule() == CutRule::kFree) {
    const std::vector<CutBlock> blocks = rnc_cut_blocks(layers, request.depth_split);
    return {.result = rnc_result(layers, request.depth_split, pack_with_free_cuts(problem, blocks, packers().front(), effort)),
            .bound = free_cuts_lower_bound(problem, blocks)};
  }
  const FewestPacking fewest = pack_fewest(problem, packers().front(), effort);
  return {.result = rnc_result(layers, request.depth_split, fewest.packing), .bound = fewest.bound};
}

std::optional<RncResult> map_layers(const std::vector<RncLayer>& layers, const Request& request) {
  GroupSearchOptions options{.num_steps = request.num_steps, .seed = request.seed};
  if (request.num_inputs) {
    options.num_inputs = *request.num_inputs;
    options.latency_weight = 0.0;
  }
  std::optional<RncResult> result = map_for_rnc(layers, request.depth_split, *request.budget, options);
  if (result || request.cut_rule() == CutRule::kCrossbar) return result;
  // Cuts are moved where the budget asks for it.
  result = pack_layers(layers, request).result;
  if (result->num_crossbars > *request.budget) return std::nullopt;
  return result;
}

CrossbarBound bound_of(const std::vector<RncLayer>& layers, const Request& request) {
  const PackingProblem problem = rnc_packing_problem(layers, request.depth_split, 0);
  if (request.cut_rule() == CutRule::kCrossbar) return lower_bound(problem);
  return free_cuts_lower_bound(problem, rnc_cut_blocks(layers, request.depth_split));
}

void print_details(const RncMapping& mapping) {
  fmt::print("order among simultaneous requests,leftover,latency_ns@1,latency_ns@8,latency_ns@64\n");
  for (const SimultaneousOrder order : {SimultaneousOrder::kArrival, SimultaneousOrder::kLaterLayerFirst}) {
    for (const Leftover leftover : {Leftover::kDropped, Leftover::kKept}) {
      fmt::print("{},{},{:.3f},{:.3f},{:.3f}\n", order == SimultaneousOrder::kArrival ? "as they arrive" : "later layer first",
                 leftover == Leftover::kDropped ? "floor" : "ceil", latency_ns(mapping, 1, leftover, order),
                 latency_ns(mapping, 8, leftover, order), latency_ns(mapping, 64, leftover, order));
    }
  }
  fmt::print("without contention,floor,{:.3f},{:.3f},{:.3f}\n", in_ns(rnc_ideal_activations(mapping, 1, Leftover::kDropped)),
             in_ns(rnc_ideal_activations(mapping, 8, Leftover::kDropped)),
             in_ns(rnc_ideal_activations(mapping, 64, Leftover::kDropped)));
  fmt::print("load bound,floor,{:.3f},{:.3f},{:.3f}\n", in_ns(rnc_load_bound_activations(mapping, 1, Leftover::kDropped)),
             in_ns(rnc_load_bound_activations(mapping, 8, Leftover::kDropped)),
             in_ns(rnc_load_bound_activations(mapping, 64, Leftover::kDropped)));
}

std::vector<RncLayer> layers_of(const Request& request) {
  if (!request.network.empty()) return rnc_layers(load_network(request.network).network);
  return parse_rnc_layers(read_text_file(request.layers), request.layers);
}

int map_one(const Request& request) {
  const std::vector<RncLayer> layers = layers_of(request);
  std::optional<RncResult> result;
  CrossbarBound bound;
  if (request.budget) {
    bound = bound_of(layers, request);
    result = map_layers(layers, request);
  } else {
    FewestLayers fewest = pack_layers(layers, request);
    bound = fewest.bound;
    result = std::move(fewest.result);
  }
  if (!result) {
    fmt::print(stderr, "compare: no packing found on {} crossbars; one copy of each layer needs at least {}\n",
               request.budget.value_or(0), bound.num_crossbars);
    return 1;
  }
  fmt::print("crossbars,lower_bound,cell_utilization,latency_ns@1,latency_ns@8,latency_ns@64\n");
  fmt::print("{},{},{:.4f},{:.3f},{:.3f},{:.3f}\n", result->num_crossbars, bound.num_crossbars,
             result->cell_utilization_fraction, latency_ns(result->mapping, 1), latency_ns(result->mapping, 8),
             latency_ns(result->mapping, 64));
  if (request.details) print_details(result->mapping);
  if (!request.placement.empty()) {
    std::string csv = "layer_idx,crossbar_idx,loc_x,loc_y,max_x,max_y\n";
    for (const RncPlacement& at : result->placements)
      csv += fmt::format("{},{},{},{},{},{}\n", at.layer, at.crossbar, at.row0, at.col0, at.row0 + at.rows, at.col0 + at.cols);
    write_file_atomically(request.placement, csv);
  }
  return 0;
}

/// The budgets of kRuns: latencies in ms, ratios of RNC's to ours.
int compare_all(const Request& request) {
  constexpr double kNsAMs = 1e6;
  fmt::print(
      "| network | depth split | crossbars | RNC @1 | ours @1 | RNC @64 | ours @64 | times faster @64 | other order | ceil @1 "
      "| "
      "ceil @64 | load bound @64 | utilization | s |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  double log_sum = 0.0;
  int num_ratios = 0;
  bool all_packed = true;
  for (const PublishedRun& run : kRuns) {
    const std::string file = request.folder + "/rnc_" + std::string(run.network) + "_layers.json";
    const std::vector<RncLayer> layers = parse_rnc_layers(read_text_file(file), file);
    Request one = request;
    one.depth_split = run.depth_split;
    one.budget = run.budget;
    const auto begin = std::chrono::steady_clock::now();
    const std::optional<RncResult> result = map_layers(layers, one);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!result) {
      fmt::print("| {} | {} | {} | no packing found |\n", run.network, run.depth_split, run.budget);
      all_packed = false;
      continue;
    }
    const RncMapping& mapping = result->mapping;
    const double ours_64 = latency_ns(mapping, 64) / kNsAMs;
    std::string ratio = "RNC fails";
    if (run.latency_64_ms > 0.0) {
      ratio = fmt::format("{:.2f}", run.latency_64_ms / ours_64);
      log_sum += std::log(run.latency_64_ms / ours_64);
      ++num_ratios;
    }
    const auto published = [](double ms) { return ms > 0.0 ? fmt::format("{:.3f}", ms) : std::string("-"); };
    fmt::print("| {} | {} | {} | {} | {:.4f} | {} | {:.3f} | {} | {:.3f} | {:.4f} | {:.3f} | {:.3f} | {:.3f} | {:.1f} |\n",
               run.network, run.depth_split, run.budget, published(run.latency_1_ms), latency_ns(mapping, 1) / kNsAMs,
               published(run.latency_64_ms), ours_64, ratio,
               latency_ns(mapping, 64, Leftover::kDropped, SimultaneousOrder::kLaterLayerFirst) / kNsAMs,
               latency_ns(mapping, 1, Leftover::kKept) / kNsAMs, latency_ns(mapping, 64, Leftover::kKept) / kNsAMs,
               in_ns(rnc_load_bound_activations(mapping, 64, Leftover::kDropped)) / kNsAMs, result->cell_utilization_fraction,
               seconds);
    std::fflush(stdout);
  }
  fmt::print("\ngeometric mean of times faster @64: {:.2f}\n", std::exp(log_sum / num_ratios));
  return all_packed ? 0 : 1;
}

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  crossloom::Request request;
  CLI::App app("Our mappings under RNC's rules and its layer-level evaluator (arXiv 2409.18841)");
  auto* layers = app.add_option("--layers", request.layers, "layers as JSON: one line of figures");
  auto* network = app.add_option("--network", request.network, "a built-in network or a network file instead of layers as JSON")
                      ->excludes(layers);
  app.add_option("--all", request.folder, "folder of rnc_<network>_layers.json: the table of RNC's budgets")
      ->excludes(layers)
      ->excludes(network);
  app.add_option("--depth-split", request.depth_split, "parts that a depthwise layer's columns are cut into")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 20));
  app.add_option("--budget", request.budget, "crossbars for single layers and copies; without it, one copy on the fewest found")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 20));
  app.add_option("--steps", request.num_steps, "how long to search, in looks at a crossbar")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 50));
  app.add_option("--seed", request.seed, "of the search")->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 50));
  app.add_option("--inputs", request.num_inputs,
                 "inputs whose latency alone is made short (default: that of 64, and of one by a quarter)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 20));
  app.add_option("--write-placement", request.placement, "file for the placed blocks as CSV");
  app.add_option("--cuts", request.cuts,
                 "where matrices are cut into blocks: at multiples of the crossbar's sides, or anywhere")
      ->check(CLI::IsMember(crossloom::names_of<crossloom::CutRule>()));
  app.add_option("--effort", request.effort, "of the packing of single copies without a budget")
      ->check(CLI::IsMember(crossloom::names_of<crossloom::PackingEffort>()));
  app.add_flag("--details", request.details, "also another order of simultaneous requests, ceil for floor, and bounds");
  CLI11_PARSE(app, argc, argv);
  try {
    if (!request.folder.empty()) return crossloom::compare_all(request);
    if (request.layers.empty() && request.network.empty())
      throw crossloom::UserError("--layers, --network or --all is required");
    return crossloom::map_one(request);
  } catch (const crossloom::UserError& error) {
    fmt::print(stderr, "compare: error: {}\n", error.what());
    return 2;
  }
}
