#include "report/compile_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "compiler/map_figures.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "simulator/hardware/chip_geometry.h"

namespace crossloom {
namespace {

using Align = TextTable::Align;

/// How far the fewest crossbars found are from a proven bound.
std::string gap_text(const CompiledNetwork& compiled) {
  const CrossbarBound& bound = compiled.fewest_bound;
  if (compiled.num_crossbars_fewest == bound.num_crossbars) return "optimal";
  const double gap = static_cast<double>(compiled.num_crossbars_fewest) / static_cast<double>(bound.num_crossbars) - 1.0;
  return fmt::format("at least {} by {}, gap {}", count_text(bound.num_crossbars), bound.reason, fraction_text(gap));
}

/// In the unit of a single objective; a weighted sum is relative to one copy of each layer.
std::string objective_value_text(const ObjectiveFigures& figures, double value) {
  if (figures.objective.size() > 1) return fmt::format("{:.4f}", value);
  switch (figures.objective.front().kind) {
    case ObjectiveKind::kThroughput:
    case ObjectiveKind::kLatency:
      return time_text(value);
    case ObjectiveKind::kCrossbars:
      return fmt::format("{:.0f}", value);
    case ObjectiveKind::kEnergy:
      return energy_text(value);
  }
  return {};
}

/// None when the bound says nothing.
std::optional<double> gap_of(const ObjectiveFigures& figures) {
  if (figures.bound > 0.0) return figures.value / figures.bound - 1.0;
  return figures.value > 0.0 ? std::nullopt : std::optional(0.0);
}

std::string objective_gap_text(const ObjectiveFigures& figures) {
  constexpr double kRounding = 1e-9;
  const std::optional<double> gap = gap_of(figures);
  if (!gap) return "no bound";
  if (*gap <= kRounding) return "optimal";
  return fmt::format("at least {}, gap {}", objective_value_text(figures, figures.bound), fraction_text(*gap));
}

std::string headline(const CompiledNetwork& compiled) {
  const TileMap& map = compiled.tile_map;
  const MapFigures figures = figures_of(map);
  TextTable table({{"", Align::kLeft}, {"", Align::kLeft}, {"", Align::kLeft}});
  table.add_row({"crossbars used", count_text(figures.num_crossbars_used), "num_crossbars_used"});
  table.add_row({"lower bound", count_text(map.crossbar_lower_bound), "crossbar_lower_bound, by area"});
  table.add_row({"budget", count_text(map.crossbar_budget), "crossbar_budget"});
  table.add_row({"one copy of each layer needs", count_text(compiled.num_crossbars_fewest),
                 "num_crossbars_fewest, " + gap_text(compiled)});
  table.add_row({"objective " + objective_text(compiled.objective.objective),
                 objective_value_text(compiled.objective, compiled.objective.value), objective_gap_text(compiled.objective)});
  table.add_row({"physical arrays", count_text(figures.num_crossbars_used * arrays_per_crossbar(map.chip)),
                 fmt::format("num_physical_arrays, {} a crossbar", arrays_per_crossbar(map.chip))});
  table.add_row({"tiles used", count_text(figures.num_tiles_used), "num_tiles_used"});
  table.add_row({"cell utilization", fraction_text(figures.cell_utilization_fraction), "cell_utilization_fraction"});
  table.add_row({"layer copies", count_text(figures.num_copies), fmt::format("of {} mapped layers", map.matrices.size())});
  table.add_row({"weight blocks", count_text(figures.num_blocks), "num_blocks"});
  return table.text(2);
}

std::string layer_table(std::vector<LayerSummary> layers, Detail detail) {
  std::string title = "mapped layers\n";
  if (detail == Detail::kShort) {
    std::ranges::stable_sort(layers, std::ranges::greater{}, &LayerSummary::interval_ns);
    layers.resize(std::min<std::size_t>(layers.size(), kShortListLines));
    title = "mapped layers that take their crossbars longest (all: --verbose, layers.csv)\n";
  }
  TextTable table(
      {{"layer", Align::kLeft}, {"matrix"}, {"blocks a copy"}, {"copies"}, {"windows"}, {"activations"}, {"time an image"}});
  for (const LayerSummary& layer : layers) {
    table.add_row({layer.layer, fmt::format("{} x {}", layer.rows, layer.cols), count_text(layer.num_blocks),
                   count_text(layer.num_copies), count_text(layer.num_windows), count_text(layer.num_activations),
                   time_text(layer.interval_ns)});
  }
  return title + table.text(2);
}

Json layers_json(const std::vector<LayerSummary>& layers) {
  Json::Array lines;
  for (const LayerSummary& layer : layers) {
    lines.emplace_back(Json::Object{{"layer", layer.layer},
                                    {"rows", layer.rows},
                                    {"cols", layer.cols},
                                    {"num_blocks", layer.num_blocks},
                                    {"num_copies", layer.num_copies},
                                    {"num_windows", layer.num_windows},
                                    {"num_activations", layer.num_activations},
                                    {"interval_ns", layer.interval_ns}});
  }
  return lines;
}

}  // namespace

std::string compile_text(const CompiledNetwork& compiled, Detail detail) {
  const TileMap& map = compiled.tile_map;
  return fmt::format("{} on {}\n{}\n{}", map.network, map.chip.name, headline(compiled), layer_table(compiled.layers, detail));
}

Json compile_json(const CompiledNetwork& compiled) {
  const TileMap& map = compiled.tile_map;
  const MapFigures figures = figures_of(map);
  const std::optional<double> gap = gap_of(compiled.objective);
  return Json::Object{{"fits", true},
                      {"network", map.network},
                      {"chip", map.chip.name},
                      {"seed", map.seed},
                      {"crossbar_budget", map.crossbar_budget},
                      {"num_crossbars_used", figures.num_crossbars_used},
                      {"num_crossbars_fewest", compiled.num_crossbars_fewest},
                      {"num_crossbars_fewest_bound", compiled.fewest_bound.num_crossbars},
                      {"crossbar_lower_bound", map.crossbar_lower_bound},
                      {"objective", objective_text(compiled.objective.objective)},
                      {"objective_value", compiled.objective.value},
                      {"objective_bound", compiled.objective.bound},
                      {"objective_gap_fraction", gap ? Json(*gap) : Json()},
                      {"num_physical_arrays", figures.num_crossbars_used * arrays_per_crossbar(map.chip)},
                      {"num_tiles_used", figures.num_tiles_used},
                      {"num_blocks", figures.num_blocks},
                      {"cell_utilization_fraction", figures.cell_utilization_fraction},
                      {"layers", layers_json(compiled.layers)}};
}

}  // namespace crossloom
