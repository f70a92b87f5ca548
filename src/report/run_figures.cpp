#include "report/run_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "report/mesh_figures.h"
#include "report/plot.h"
#include "report/quantity.h"
#include "report/time_figures.h"
#include "simulator/hardware/chip_geometry.h"
#include "simulator/metrics/metrics_fields.h"

namespace crossloom {
namespace {

std::string crossbars_svg(const TileMap& map) {
  RectangleMap figure = {
      .title = fmt::format("{} on {}: weight blocks in {} crossbars", map.network, map.chip.name, map.crossbars.size()),
      .x_axis = {"columns", "weights"},
      .y_axis = {"rows", "weights"},
      .panel_width = num_weight_cols(map.chip),
      .panel_height = map.chip.crossbar.rows,
      .section_name = "tile",
      .groups = {},
      .panels = {}};
  for (const WeightMatrix& matrix : map.matrices) figure.groups.push_back(matrix.layer);
  for (const CrossbarContents& contents : map.crossbars) {
    MapPanel panel = {.section = contents.tile, .rectangles = {}};
    for (const PlacedBlock& block : contents.blocks) {
      panel.rectangles.push_back(
          {.group = block.matrix, .x = block.col0, .y = block.row0, .width = block.cols, .height = block.rows});
    }
    figure.panels.push_back(std::move(panel));
  }
  return rectangle_map_svg(figure);
}

/// The members of a struct of figures as bars; zeros and the total are left out.
template <class Figures>
std::string figures_svg(const std::string& title, const std::string& category, const Axis& axis, double scale,
                        const Figures& figures) {
  BarChart chart = {.title = title, .category_axis = {category}, .value_axis = axis, .categories = {}, .series = {{"", {}}}};
  visit_fields(figures, [&](const auto& field, double value) {
    if (field.name == std::string_view("total") || value <= 0) return;
    chart.categories.emplace_back(field.name);
    chart.series.front().values.push_back(value * scale);
  });
  return bar_chart_svg(chart);
}

std::string pipeline_svg(const RunMetrics& metrics) {
  GanttChart chart = {.title = fmt::format("Layers over time, batch {}", metrics.batch),
                      .time_axis = {"time", "us"},
                      .track_axis = {"layer"},
                      .tracks = {},
                      .spans = {}};
  for (const LayerMetrics& layer : metrics.layers) {
    const auto track = static_cast<std::int64_t>(chart.tracks.size());
    chart.tracks.push_back(layer.name);
    chart.spans.push_back(
        {.track = track,
         .start = layer.start_ns / 1000,
         .end = layer.end_ns / 1000,
         .label = fmt::format("{}: {} to {}, waits {} for inputs over its {} copies", layer.name, time_text(layer.start_ns),
                              time_text(layer.end_ns), time_text(layer.input_wait_ns), layer.num_copies)});
  }
  return gantt_chart_svg(chart);
}

std::string resources_svg(const RunMetrics& metrics) {
  BarChart chart = {.title = "Busiest instance of each kind of resource",
                    .category_axis = {"resource"},
                    .value_axis = {"share of the makespan it was taken"},
                    .categories = {},
                    .series = {{"", {}}}};
  for (const ResourceMetrics& resource : metrics.resources) {
    chart.categories.push_back(resource.busiest);
    chart.series.front().values.push_back(resource.utilization_fraction);
  }
  return bar_chart_svg(chart);
}

std::string bounds_svg(const RunMetrics& metrics) {
  const LatencyBounds& bounds = metrics.bounds;
  return bar_chart_svg({.title = "Time and the bounds that no schedule of this program beats",
                        .category_axis = {"figure"},
                        .value_axis = {"time", "us"},
                        .categories = {"latency", "critical path", "makespan", "busiest resource"},
                        .series = {{"",
                                    {metrics.latency_ns / 1000, bounds.critical_path_ns / 1000, metrics.makespan_ns / 1000,
                                     bounds.busiest_resource_ns / 1000}}}});
}

}  // namespace

std::vector<NamedFigure> run_figures(const RunResults& results) {
  std::vector<NamedFigure> figures;
  figures.push_back({"crossbars",
                     "Every used crossbar with its weight blocks, coloured by layer in the order of the network. Hover for "
                     "layer, copy and range.",
                     crossbars_svg(results.tile_map)});
  figures.push_back({"mesh", "The IO port is at row 0, column 0.", mesh_weights_svg(results.tile_map)});
  if (!results.metrics) return figures;
  const RunMetrics& metrics = *results.metrics;
  figures.push_back({"mesh_utilization",
                     "Squares are the crossbars at a router, with the mean time of the blocks of their layers; bars are links "
                     "between routers, each on the right-hand side of its direction. Links that were not used have no bar.",
                     mesh_utilization_svg(results.tile_map, metrics)});
  figures.push_back({"mesh_traffic",
                     "Squares are what the tiles and the IO port at a router sent and received, bars what passed the links.",
                     mesh_traffic_svg(results.tile_map, metrics)});
  figures.push_back(
      {"pipeline", "From the first fetch of a layer until its last output of the batch is stored.", pipeline_svg(metrics)});
  figures.push_back({"layer_time",
                     "layers.time_ns: from the start of a layer to its end, of all its blocks (copies, when it has none).",
                     layer_time_svg(metrics)});
  figures.push_back({"utilization", "resources.utilization_over_time_fraction.", utilization_svg(metrics)});
  figures.push_back({"energy", "energy_pj of the whole batch.",
                     figures_svg("Energy by component", "component", {"energy", "uJ"}, 1e-6, metrics.energy_pj)});
  figures.push_back({"area", "area_um2 of the whole chip, used or not.",
                     figures_svg("Area by component", "component", {"area", "mm2"}, 1e-6, metrics.area_um2)});
  figures.push_back({"stalls", "stalls_ns: summed over all that wait, so it may exceed the makespan.",
                     figures_svg("Waiting time by cause", "cause", {"waiting time", "us"}, 1e-3, metrics.stalls_ns)});
  figures.push_back({"resources", "A resource near 1 limits the throughput.", resources_svg(metrics)});
  figures.push_back({"resource_time", "resources.time_ns: what the instances did, or what their next window waited for.",
                     resource_time_svg(metrics)});
  figures.push_back({"bounds", "Bottleneck: " + metrics.bottleneck + ".", bounds_svg(metrics)});
  return figures;
}

}  // namespace crossloom
