#include "sweep/sweep_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "report/markup.h"
#include "report/page_assets.h"
#include "report/plot.h"
#include "support/error.h"
#include "support/number_text.h"
#include "sweep/table_view.h"

namespace crossloom {
namespace {

/// Values of an axis that a figure shows one by one; more are too many to read.
constexpr std::size_t kMostCategories = 24;
/// Networks whose fronts one figure shows.
constexpr std::size_t kMostFronts = 7;

/// Axes that take more than one value.
std::vector<std::size_t> varied_axes(const ResultsTable& table) {
  std::vector<std::size_t> varied;
  for (const std::size_t axis : table.axes()) {
    if (table.values(axis).size() > 1) varied.push_back(axis);
  }
  return varied;
}

/// All points, and the front of each network by itself: one of fewer layers is always faster.
std::string front_svg(const ResultsTable& table, std::size_t x, std::size_t y) {
  const std::vector<std::size_t> axes = table.axes();
  const auto network = std::ranges::find(axes, "network", [&](std::size_t axis) { return table.columns()[axis]; });
  const std::vector<std::string> names = network == axes.end() || table.values(*network).size() > kMostFronts
                                             ? std::vector<std::string>{""}
                                             : table.values(*network);
  std::vector<PointGroup> groups(1, {.name = "beaten in both", .rows = {}});
  for (const std::string& name : names) {
    const auto is_in = [&](std::size_t row) { return name.empty() || table.cell(row, *network) == name; };
    PointGroup group{.name = names.size() == 1 ? "front" : "front of " + name, .rows = least_front(table, x, y, is_in)};
    for (std::size_t row = 0; row < table.num_rows(); ++row) {
      if (is_in(row) && std::ranges::find(group.rows, row) == group.rows.end()) groups.front().rows.push_back(row);
    }
    groups.push_back(std::move(group));
  }
  return points_svg(table, x, y, groups);
}

/// Whether each value of one axis goes with one value of the other: axes that vary together.
bool vary_together(const ResultsTable& table, std::size_t a, std::size_t b) {
  std::map<std::string, std::string> b_of_a;
  std::map<std::string, std::string> a_of_b;
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    const std::string& value_a = table.cell(row, a);
    const std::string& value_b = table.cell(row, b);
    if (b_of_a.emplace(value_a, value_b).first->second != value_b) return false;
    if (a_of_b.emplace(value_b, value_a).first->second != value_a) return false;
  }
  return true;
}

/// Geometric mean of a column over the rows with one value of an axis; nothing without a number.
std::optional<double> geometric_mean(const ResultsTable& table, std::size_t axis, const std::string& value,
                                     std::size_t column) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    const std::optional<double> number = table.number(row, column);
    if (table.cell(row, axis) != value || !number || *number <= 0.0) continue;
    sum += std::log(*number);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return std::exp(sum / static_cast<double>(count));
}

std::string effect_svg(const ResultsTable& table, std::size_t axis, std::size_t column) {
  BarChart chart{.title = "Mean " + table.columns()[column] + " by " + table.columns()[axis],
                 .category_axis = {table.columns()[axis]},
                 .value_axis = axis_of(table.columns()[column]),
                 .categories = {},
                 .series = {{"", {}}}};
  for (const std::string& value : table.values(axis)) {
    const std::optional<double> mean = geometric_mean(table, axis, value, column);
    if (!mean) continue;
    chart.categories.push_back(value);
    chart.series.front().values.push_back(*mean);
  }
  return bar_chart_svg(chart);
}

std::string best_svg(const ResultsTable& table, std::size_t row_axis, std::size_t col_axis, std::size_t column) {
  const std::vector<std::string> rows = table.values(row_axis);
  const std::vector<std::string> cols = table.values(col_axis);
  HeatMap map{.title = "Least " + table.columns()[column],
              .row_axis = {table.columns()[row_axis]},
              .col_axis = {table.columns()[col_axis]},
              .value_axis = axis_of(table.columns()[column]),
              .rows = static_cast<std::int64_t>(rows.size()),
              .cols = static_cast<std::int64_t>(cols.size()),
              .values = std::vector<double>(rows.size() * cols.size(), -1.0),
              .row_names = rows,
              .col_names = cols};
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    const std::optional<double> number = table.number(row, column);
    if (!number) continue;
    const auto i = static_cast<std::size_t>(std::ranges::find(rows, table.cell(row, row_axis)) - rows.begin());
    const auto j = static_cast<std::size_t>(std::ranges::find(cols, table.cell(row, col_axis)) - cols.begin());
    double& best = map.values[i * cols.size() + j];
    if (best < 0.0 || *number < best) best = *number;
  }
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    map.labels.push_back(fmt::format("{} = {}, {} = {}: {}", table.columns()[row_axis], rows[i / cols.size()],
                                     table.columns()[col_axis], cols[i % cols.size()],
                                     map.values[i] < 0.0 ? "none" : shortest_text(map.values[i])));
  }
  return heat_map_svg(map);
}

}  // namespace

std::vector<NamedFigure> sweep_figures(const ResultsTable& table) {
  std::vector<NamedFigure> figures;
  const std::size_t latency = table.column("latency_ns");
  for (const auto& [name, column] :
       {std::pair{"front_crossbars", "num_crossbars_used"}, std::pair{"front_energy", "energy_per_inference_pj"},
        std::pair{"front_area", "area_um2"}}) {
    const std::size_t x = table.column(column);
    if (!has_numbers(table, x) || !has_numbers(table, latency)) continue;
    figures.push_back(
        {name, "The front has the points that no other of the network beats in both.", front_svg(table, x, latency)});
  }
  const std::vector<std::size_t> varied = varied_axes(table);
  for (const std::size_t axis : varied) {
    if (table.values(axis).size() > kMostCategories) continue;
    figures.push_back(
        {"effect_" + table.columns()[axis], "Geometric mean over all points that are done.", effect_svg(table, axis, latency)});
  }
  for (std::size_t i = 0; i < varied.size(); ++i) {
    for (std::size_t j = i + 1; j < varied.size(); ++j) {
      if (table.values(varied[i]).size() > kMostCategories || table.values(varied[j]).size() > kMostCategories) continue;
      if (vary_together(table, varied[i], varied[j])) continue;
      figures.push_back({"best_" + table.columns()[varied[i]] + '_' + table.columns()[varied[j]],
                         "The best of all points in a cell; empty where none is done.",
                         best_svg(table, varied[i], varied[j], latency)});
    }
  }
  return figures;
}

std::string sweep_plot_svg(const ResultsTable& table, const std::string& x, const std::string& y, const std::string& colour) {
  const std::size_t x_column = table.column(x);
  const std::size_t y_column = table.column(y);
  for (const std::size_t column : {x_column, y_column}) {
    if (!has_numbers(table, column)) throw UserError(table.columns()[column] + ": has no numbers in these results");
  }
  LineChart chart{
      .title = y + " over " + x, .x_axis = axis_of(x), .y_axis = axis_of(y), .curves = {}, .style = CurveStyle::kPoints};
  std::map<std::string, std::size_t> curve_of_value;
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    const std::optional<double> x_value = table.number(row, x_column);
    const std::optional<double> y_value = table.number(row, y_column);
    if (!x_value || !y_value) continue;
    const std::string value = colour.empty() ? "points" : table.cell(row, table.column(colour));
    const auto [found, is_new] = curve_of_value.emplace(value, chart.curves.size());
    if (is_new)
      chart.curves.push_back({.name = colour.empty() ? value : fmt::format("{} = {}", colour, value), .x = {}, .y = {}});
    chart.curves[found->second].x.push_back(*x_value);
    chart.curves[found->second].y.push_back(*y_value);
  }
  if (chart.curves.size() > kMostCategories) {
    throw UserError(fmt::format("{}: has {} values, allowed at most {} colours", colour, chart.curves.size(), kMostCategories));
  }
  return line_chart_svg(chart);
}

std::string sweep_page(const ResultsTable& table, const std::string& title) {
  std::map<std::string, std::int64_t> num_by_status;
  for (std::size_t row = 0; row < table.num_rows(); ++row) ++num_by_status[table.cell(row, table.column("status"))];
  Markup page;
  open_page_head(page, title);
  page.close().open("body").element("h1", {}, title);
  std::string summary = fmt::format("{} points", table.num_rows());
  for (const auto& [status, count] : num_by_status) summary += fmt::format(", {} {}", count, status);
  page.element("p", {}, summary + '.');
  for (const NamedFigure& figure : sweep_figures(table)) {
    page.element("h2", {}, figure.name).open("figure").open("div", {{"class", "scroll"}}).embed(figure.svg).close();
    page.element("figcaption", {}, figure.caption).close();
  }
  add_results_table(page, table, "points");
  page.close().close();
  return "<!DOCTYPE html>\n" + page.str() + '\n';
}

}  // namespace crossloom
