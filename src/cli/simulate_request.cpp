#include "cli/simulate_request.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/console.h"
#include "compiler/option_values.h"
#include "report/estimate_view.h"
#include "simulator/estimate/estimate_comparison.h"
#include "simulator/simulate.h"
#include "support/error.h"

namespace crossloom {
namespace {

constexpr IntegerRange kBatch{1, std::int64_t{1} << 20};

}  // namespace

void add_batch_option(CLI::App& app, std::string& batch) {
  app.add_option("--batch", batch, "images that enter one after another, 1 to 1048576 (default: 1)")->type_name("N");
}

std::int64_t batch_option(const std::string& batch) { return integer_option("--batch", batch, kBatch); }

void add_tile_buffers_option(CLI::App& app, std::string& tile_buffers) {
  app.add_option("--tile-buffers", tile_buffers,
                 "unbounded: tiles keep pixels as long as needed (default); bounded: line buffers fit "
                 "tile.buffer.capacity_bytes, full ones hold up their producer")
      ->type_name("KIND");
}

TileBuffers tile_buffers_option(const std::string& tile_buffers) {
  const auto names = enum_names(TileBuffers{});
  const auto at = std::find(names.begin(), names.end(), tile_buffers);
  if (at == names.end()) {
    throw UserError(fmt::format("--tile-buffers: {} is not one of {}", tile_buffers, fmt::join(names, ", ")));
  }
  return static_cast<TileBuffers>(at - names.begin());
}

void add_estimate_option(CLI::App& app, bool& wants_estimate) {
  app.add_flag("--estimate", wants_estimate,
               "also estimate analytically and print the errors (with --json: instead of metrics)");
}

void print_estimate(const PlacedProgram& program, const RunMetrics& metrics, Console& console) {
  const EstimateComparison comparison = compare(estimate(program), metrics);
  console.print('\n' + estimate_text(comparison, metrics.layers, console.detail()));
  console.print_json_text(comparison_to_json(comparison));
}

RunMetrics simulate_with_progress(const PlacedProgram& program, const SimulationOptions& options, Console& console) {
  const ProgressCallback progress = [&console](double fraction) { console.progress("simulating", fraction); };
  SimulationOptions watched = options;
  watched.progress = progress;
  return simulate(program, watched);
}

}  // namespace crossloom
