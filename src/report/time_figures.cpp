#include "report/time_figures.h"

#include <algorithm>

#include "report/plot.h"
#include "simulator/metrics/metrics_fields.h"

namespace crossloom {
namespace {

/// Adds a bar stacked of the shares; `scale` makes them of the unit of the chart.
void add_bar(BarChart& chart, const std::string& name, const TimeShares<double>& shares, double scale) {
  chart.categories.push_back(name);
  std::size_t at = 0;
  visit_fields(shares, [&](const Field& field, double value) {
    if (chart.series.size() == at) chart.series.push_back({.name = std::string(field.name), .values = {}});
    chart.series[at++].values.push_back(value * scale);
  });
}

/// Shares that no bar has are left out, the colours of the others are then the same in all bars of the chart.
std::string without_empty_series(BarChart chart) {
  std::erase_if(chart.series, [](const Series& series) {
    return std::all_of(series.values.begin(), series.values.end(), [](double value) { return value == 0.0; });
  });
  return bar_chart_svg(chart);
}

}  // namespace

std::string layer_time_svg(const RunMetrics& metrics) {
  BarChart chart = {.title = "Time of each layer: in work, or waiting for what",
                    .category_axis = {"layer"},
                    .value_axis = {"time, summed over blocks", "us"},
                    .categories = {},
                    .series = {}};
  for (const LayerMetrics& layer : metrics.layers) add_bar(chart, layer.name, layer.time_ns, 1e-3);
  return without_empty_series(std::move(chart));
}

std::string resource_time_svg(const RunMetrics& metrics) {
  BarChart chart = {.title = "Time of each kind of resource, over all instances in use",
                    .category_axis = {"resource"},
                    .value_axis = {"share of instances x makespan"},
                    .categories = {},
                    .series = {}};
  for (const ResourceMetrics& resource : metrics.resources) {
    const double time_ns = static_cast<double>(resource.num_instances) * metrics.makespan_ns;
    if (time_ns > 0) add_bar(chart, resource.kind, resource.time_ns, 1 / time_ns);
  }
  return without_empty_series(std::move(chart));
}

std::string utilization_svg(const RunMetrics& metrics) {
  LineChart chart = {.title = "Utilization over time, mean of the instances in use",
                     .x_axis = {"time", "us"},
                     .y_axis = {"utilization, 0 to 1"},
                     .curves = {}};
  for (const ResourceMetrics& resource : metrics.resources) {
    Curve curve = {.name = resource.kind, .x = {}, .y = {}};
    for (std::size_t bin = 0; bin < resource.utilization_over_time_fraction.size(); ++bin) {
      curve.x.push_back((static_cast<double>(bin) + 0.5) * metrics.timeline_bin_ns / 1000);
      curve.y.push_back(resource.utilization_over_time_fraction[bin]);
    }
    if (!curve.x.empty()) chart.curves.push_back(std::move(curve));
  }
  return line_chart_svg(chart);
}

}  // namespace crossloom
