#include "sweep/sweep_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "report/markup.h"
#include "report/page_assets.h"
#include "report/plot.h"
#include "support/error.h"
#include "support/number_text.h"
#include "sweep/sweep_page_script.h"

namespace crossloom {
namespace {

/// Values of an axis that a figure shows one by one; more are too many to read.
constexpr std::size_t kMostCategories = 24;

/// "latency" in "ns" for a column latency_ns.
Axis axis_of(const std::string& column) {
  struct Unit {
    std::string_view suffix;
    std::string_view unit;
  };
  constexpr std::array<Unit, 5> kUnits = {
      {{"_ns", "ns"}, {"_pj", "pJ"}, {"_um2", "um2"}, {"_fraction", ""}, {"_per_s", "1/s"}}};
  for (const Unit& unit : kUnits) {
    if (column.ends_with(unit.suffix)) {
      return {.name = column.substr(0, column.size() - unit.suffix.size()), .unit = std::string(unit.unit)};
    }
  }
  return {.name = column};
}

bool has_numbers(const ResultsTable& table, std::size_t column) {
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    if (table.number(row, column)) return true;
  }
  return false;
}

/// Axes that take more than one value.
std::vector<std::size_t> varied_axes(const ResultsTable& table) {
  std::vector<std::size_t> varied;
  for (const std::size_t axis : table.axes()) {
    if (table.values(axis).size() > 1) varied.push_back(axis);
  }
  return varied;
}

/// All points, and those of the front.
std::string front_svg(const ResultsTable& table, std::size_t x, std::size_t y) {
  const std::vector<std::size_t> front = least_front(table, x, y);
  Curve others{.name = "beaten in both", .x = {}, .y = {}};
  Curve best{.name = "front", .x = {}, .y = {}};
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    if (!table.number(row, x) || !table.number(row, y)) continue;
    Curve& curve = std::ranges::find(front, row) == front.end() ? others : best;
    curve.x.push_back(*table.number(row, x));
    curve.y.push_back(*table.number(row, y));
  }
  return line_chart_svg({.title = table.columns()[y] + " and " + table.columns()[x],
                         .x_axis = axis_of(table.columns()[x]),
                         .y_axis = axis_of(table.columns()[y]),
                         .curves = {others, best},
                         .style = CurveStyle::kPoints});
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
              .values = std::vector<double>(rows.size() * cols.size(), -1.0)};
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

void write_table(Markup& page, const ResultsTable& table) {
  page.open("div", {{"class", "scroll"}}).open("table", {{"id", "results"}}).open("thead").open("tr");
  for (std::size_t column = 0; column < table.columns().size(); ++column) {
    const bool is_number = has_numbers(table, column);
    page.open("th", {{"data-kind", is_number ? "number" : "text"}})
        .element("button", {{"type", "button"}}, table.columns()[column])
        .close();
  }
  page.close().open("tr", {{"class", "controls"}});
  for (const std::string& column : table.columns()) {
    page.open("td")
        .element("input", {{"type", "search"}, {"size", "8"}, {"aria-label", "rows whose " + column + " holds"}})
        .close();
  }
  page.close().close().open("tbody");
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    page.open("tr");
    for (std::size_t column = 0; column < table.columns().size(); ++column) page.element("td", {}, table.cell(row, column));
    page.close();
  }
  page.close().close().close();
}

}  // namespace

std::vector<std::size_t> least_front(const ResultsTable& table, std::size_t x, std::size_t y) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    if (table.number(row, x) && table.number(row, y)) rows.push_back(row);
  }
  std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return std::pair(*table.number(row, x), *table.number(row, y)); });
  std::vector<std::size_t> front;
  for (const std::size_t row : rows) {
    if (front.empty() || *table.number(row, y) < *table.number(front.back(), y)) front.push_back(row);
  }
  return front;
}

std::vector<NamedFigure> sweep_figures(const ResultsTable& table) {
  std::vector<NamedFigure> figures;
  const std::size_t latency = table.column("latency_ns");
  for (const auto& [name, column] :
       {std::pair{"front_crossbars", "num_crossbars_used"}, std::pair{"front_energy", "energy_per_inference_pj"},
        std::pair{"front_area", "area_um2"}}) {
    const std::size_t x = table.column(column);
    if (!has_numbers(table, x) || !has_numbers(table, latency)) continue;
    figures.push_back({name, "The front has the points that no other beats in both.", front_svg(table, x, latency)});
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
  page.element("h2", {}, "points").element("p", {{"id", "shown"}});
  write_table(page, table);
  page.open("script").embed(sweep_page_script()).close().close().close();
  return "<!DOCTYPE html>\n" + page.str() + '\n';
}

}  // namespace crossloom
