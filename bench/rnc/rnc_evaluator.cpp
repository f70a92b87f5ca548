// RNC's layer-level evaluator on a placement: one line `samples,latency_ns` for each number of samples.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/rnc/rnc_evaluator.h"
#include "support/document.h"
#include "support/error.h"

namespace crossloom {
namespace {

struct Request {
  std::string layers;
  std::string placement;
  std::int64_t depth_split = 1;
  std::vector<std::int64_t> samples{1, 8, 64};
  bool keep_leftover = false;
  bool later_layer_first = false;
  bool bounds = false;
  bool free_cuts = false;
};

void evaluate(const Request& request) {
  const std::vector<RncLayer> layers = parse_rnc_layers(read_text_file(request.layers), request.layers);
  const std::vector<RncPlacement> placements = parse_rnc_placements(read_text_file(request.placement), request.placement);
  const RncMapping mapping =
      rnc_mapping(layers, placements, request.depth_split, request.free_cuts ? CutRule::kFree : CutRule::kCrossbar);
  const Leftover leftover = request.keep_leftover ? Leftover::kKept : Leftover::kDropped;
  const SimultaneousOrder order = request.later_layer_first ? SimultaneousOrder::kLaterLayerFirst : SimultaneousOrder::kArrival;
  const auto in_ns = [](std::int64_t activations) { return static_cast<double>(activations) * kRncActivationNs; };
  fmt::print("samples,latency_ns{}\n", request.bounds ? ",ideal_ns,load_bound_ns" : "");
  for (const std::int64_t samples : request.samples) {
    fmt::print("{},{:.3f}", samples, in_ns(rnc_latency_activations(mapping, samples, leftover, order)));
    if (request.bounds) {
      fmt::print(",{:.3f},{:.3f}", in_ns(rnc_ideal_activations(mapping, samples, leftover)),
                 in_ns(rnc_load_bound_activations(mapping, samples, leftover)));
    }
    fmt::print("\n");
  }
}

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  crossloom::Request request;
  CLI::App app("RNC's layer-level evaluator (arXiv 2409.18841) on a placement of weight blocks");
  app.add_option("--layers", request.layers, "layers as JSON")->required();
  app.add_option("--placement", request.placement, "placed blocks as CSV")->required();
  app.add_option("--depth-split", request.depth_split, "parts that a depthwise layer's columns are cut into")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 20));
  app.add_option("--samples", request.samples, "numbers of inputs, such as 1,8,64")
      ->delimiter(',')
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 20));
  app.add_flag("--keep-leftover", request.keep_leftover, "round activations over copies up, where RNC rounds down");
  app.add_flag("--later-layer-first", request.later_layer_first, "another order among requests at one instant");
  app.add_flag("--bounds", request.bounds, "also the latency without contention, and the bound by load");
  app.add_flag("--free-cuts", request.free_cuts, "layers but depthwise ones may be cut anywhere, every copy alike");
  CLI11_PARSE(app, argc, argv);
  try {
    crossloom::evaluate(request);
  } catch (const crossloom::UserError& error) {
    fmt::print(stderr, "rnc_evaluator: error: {}\n", error.what());
    return 2;
  }
  return 0;
}
