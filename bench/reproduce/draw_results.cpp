// Figures of the reproduction scripts: draw_results KIND FILE.csv FIGURE.svg --x COLUMN --y COLUMN[,COLUMN] [--series COLUMN].

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/plot.h"
#include "support/atomic_file.h"
#include "support/document.h"
#include "support/error.h"
#include "sweep/results_table.h"

namespace crossloom {
namespace {

struct Request {
  std::string kind;
  std::string table;
  std::string figure;
  std::vector<std::string> x;
  std::vector<std::string> y;
  std::string series;
  std::string title;
  std::string x_name;
  std::string y_name;
};

/// Cells of several columns in one text.
std::string joined_cells(const ResultsTable& table, std::size_t row, const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) {
    const std::string& cell = table.cell(row, table.column(column));
    if (!text.empty() && !cell.empty()) text += ", ";
    text += cell;
  }
  return text;
}

/// A bar a row; with several columns one each, below one another and in colours of their own. Empty cells have none.
std::string bars(const ResultsTable& table, const Request& request) {
  BarChart chart{.title = request.title,
                 .category_axis = {.name = request.x_name},
                 .value_axis = {.name = request.y_name},
                 .categories = {},
                 .series = {}};
  for (const std::string& column : request.y) chart.series.push_back({.name = column, .values = {}});
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    for (const std::string& column : request.y) {
      const std::optional<double> value = table.number(row, table.column(column));
      if (!value) continue;
      const std::string name = joined_cells(table, row, request.x);
      chart.categories.push_back(request.y.size() == 1 ? name : fmt::format("{}: {}", name, column));
      for (Series& series : chart.series) series.values.push_back(series.name == column ? *value : 0.0);
    }
  }
  return bar_chart_svg(chart);
}

/// Curves or points, one for each value of the series.
std::string curves(const ResultsTable& table, const Request& request, CurveStyle style) {
  LineChart chart{.title = request.title,
                  .x_axis = {.name = request.x_name},
                  .y_axis = {.name = request.y_name},
                  .curves = {},
                  .style = style};
  const std::size_t x = table.column(request.x.front());
  const std::size_t y = table.column(request.y.front());
  const std::size_t series = table.column(request.series);
  for (const std::string& name : table.values(series)) {
    Curve curve{.name = name, .x = {}, .y = {}};
    for (std::size_t row = 0; row < table.num_rows(); ++row) {
      const std::optional<double> x_value = table.number(row, x);
      const std::optional<double> y_value = table.number(row, y);
      if (table.cell(row, series) != name || !x_value || !y_value) continue;
      curve.x.push_back(*x_value);
      curve.y.push_back(*y_value);
    }
    chart.curves.push_back(std::move(curve));
  }
  return line_chart_svg(chart);
}

void draw(const Request& request) {
  const ResultsTable table(read_text_file(request.table), request.table);
  std::string svg;
  if (request.kind == "bars") {
    svg = bars(table, request);
  } else {
    svg = curves(table, request, request.kind == "lines" ? CurveStyle::kLine : CurveStyle::kPoints);
  }
  write_file_atomically(request.figure, svg + '\n');
}

}  // namespace
}  // namespace crossloom

int main(int argc, char** argv) {
  crossloom::Request request;
  CLI::App app("Draws a table of results as SVG");
  app.add_option("KIND", request.kind)->required()->check(CLI::IsMember({"bars", "lines", "points"}));
  app.add_option("TABLE", request.table, "CSV with a header")->required();
  app.add_option("FIGURE", request.figure, "SVG to write")->required();
  app.add_option("--x", request.x, "column of the horizontal axis; of bars, those that name a bar")->required()->delimiter(',');
  app.add_option("--y", request.y, "column of values; of bars, one or more")->required()->delimiter(',');
  app.add_option("--series", request.series, "column with a curve for each of its values (not of bars)");
  app.add_option("--title", request.title)->required();
  app.add_option("--x-name", request.x_name)->required();
  app.add_option("--y-name", request.y_name)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    crossloom::draw(request);
  } catch (const crossloom::UserError& error) {
    fmt::print(stderr, "draw_results: error: {}\n", error.what());
    return 2;
  }
  return 0;
}
