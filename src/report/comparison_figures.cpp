#include "report/comparison_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/markup.h"
#include "report/page_assets.h"
#include "report/plot.h"
#include "simulator/metrics/metrics_fields.h"

namespace crossloom {
namespace {

std::vector<std::string> names_of(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> names;
  names.reserve(runs.size());
  for (const ComparedRun& run : runs) names.push_back(run.name);
  return names;
}

/// Bars, one a run, stacked of the members of a section of its metrics that are not zero in all of them.
template <class Section>
std::string stacked_svg(const std::vector<ComparedRun>& runs, const std::string& title, const Axis& axis, double scale,
                        Section RunMetrics::*section) {
  BarChart chart = {.title = title, .category_axis = {"run"}, .value_axis = axis, .categories = names_of(runs), .series = {}};
  for (const ComparedRun& run : runs) {
    std::size_t at = 0;
    visit_fields(run.metrics.*section, [&](const Field& field, double value) {
      if (field.name == "total") return;
      if (chart.series.size() == at) chart.series.push_back({.name = std::string(field.name), .values = {}});
      const double images = axis.name.ends_with("an image") ? static_cast<double>(run.metrics.batch) : 1.0;
      chart.series[at++].values.push_back(value * scale / images);
    });
  }
  std::erase_if(chart.series, [](const Series& series) {
    return std::all_of(series.values.begin(), series.values.end(), [](double value) { return value == 0.0; });
  });
  return bar_chart_svg(chart);
}

/// A bar a figure and run, runs of one figure next to each other.
std::string time_svg(const std::vector<ComparedRun>& runs) {
  BarChart chart = {.title = "Time and the bounds that no schedule of the program beats",
                    .category_axis = {"figure, run"},
                    .value_axis = {"time", "us"},
                    .categories = {},
                    .series = {{"", {}}}};
  const auto add = [&chart](const std::string& figure, const ComparedRun& run, double ns) {
    chart.categories.push_back(figure + ", " + run.name);
    chart.series.front().values.push_back(ns / 1000);
  };
  for (const ComparedRun& run : runs) add("latency", run, run.metrics.latency_ns);
  for (const ComparedRun& run : runs) add("critical path", run, run.metrics.bounds.critical_path_ns);
  for (const ComparedRun& run : runs) add("makespan", run, run.metrics.makespan_ns);
  for (const ComparedRun& run : runs) add("busiest resource", run, run.metrics.bounds.busiest_resource_ns);
  return bar_chart_svg(chart);
}

std::string busy_svg(const std::vector<ComparedRun>& runs) {
  BarChart chart = {.title = "Time the busiest instance of each kind of resource was taken",
                    .category_axis = {"resource, run"},
                    .value_axis = {"time an image", "us"},
                    .categories = {},
                    .series = {{"", {}}}};
  std::vector<std::string> kinds;
  for (const ComparedRun& run : runs) {
    for (const ResourceMetrics& resource : run.metrics.resources) {
      if (std::find(kinds.begin(), kinds.end(), resource.kind) == kinds.end()) kinds.push_back(resource.kind);
    }
  }
  for (const std::string& kind : kinds) {
    for (const ComparedRun& run : runs) {
      for (const ResourceMetrics& resource : run.metrics.resources) {
        if (resource.kind != kind) continue;
        chart.categories.push_back(kind + ", " + run.name);
        chart.series.front().values.push_back(resource.busy_ns / 1000 / static_cast<double>(run.metrics.batch));
      }
    }
  }
  return bar_chart_svg(chart);
}

void write_table(Markup& page, const std::vector<ComparedRun>& runs) {
  page.open("div", {{"class", "scroll"}}).open("table").open("thead").open("tr").element("th", {}, "figure");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    page.element("th", {}, runs[i].name);
    if (i > 0) page.element("th", {}, "to the first");
  }
  page.close().close().open("tbody");
  for (const std::vector<std::string>& row : comparison_rows(runs)) {
    page.open("tr");
    for (const std::string& cell : row) page.element("td", {}, cell);
    page.close();
  }
  page.close().close().close();
}

}  // namespace

std::vector<NamedFigure> comparison_figures(const std::vector<ComparedRun>& runs) {
  return {{"time", "Latency is of the first image, makespan of the batch.", time_svg(runs)},
          {"busy", "The resource taken longest limits the throughput.", busy_svg(runs)},
          {"stalls", "Summed over all that wait.",
           stacked_svg(runs, "Waiting time by cause", {"waiting time an image", "us"}, 1e-3, &RunMetrics::stalls_ns)},
          {"energy", "By component.",
           stacked_svg(runs, "Energy by component", {"energy an image", "uJ"}, 1e-6, &RunMetrics::energy_pj)},
          {"area", "Of the whole chip, used or not.",
           stacked_svg(runs, "Area by component", {"area", "mm2"}, 1e-6, &RunMetrics::area_um2)}};
}

std::string comparison_page(const std::vector<ComparedRun>& runs) {
  Markup page;
  open_page_head(page, "Runs compared");
  page.close().open("body").element("h1", {}, "Runs compared");
  write_table(page, runs);
  for (const NamedFigure& figure : comparison_figures(runs)) {
    page.element("h2", {}, figure.name).open("figure").open("div", {{"class", "scroll"}}).embed(figure.svg).close();
    page.element("figcaption", {}, figure.caption).close();
  }
  page.element("h2", {}, "differences").element("pre", {}, comparison_text(runs)).close().close();
  return "<!DOCTYPE html>\n" + page.str() + '\n';
}

}  // namespace crossloom
