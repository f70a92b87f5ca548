#include "sweep/table_view.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sweep/sweep_page_script.h"

namespace crossloom {
namespace {

void add_table(Markup& page, const ResultsTable& table) {
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

std::vector<std::size_t> least_front(const ResultsTable& table, std::size_t x, std::size_t y, const RowFilter& counts) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.num_rows(); ++row) {
    if (table.number(row, x) && table.number(row, y) && (!counts || counts(row))) rows.push_back(row);
  }
  std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return std::pair(*table.number(row, x), *table.number(row, y)); });
  std::vector<std::size_t> front;
  for (const std::size_t row : rows) {
    if (front.empty() || *table.number(row, y) < *table.number(front.back(), y)) front.push_back(row);
  }
  return front;
}

std::string points_svg(const ResultsTable& table, std::size_t x, std::size_t y, const std::vector<PointGroup>& groups) {
  LineChart chart{.title = table.columns()[y] + " and " + table.columns()[x],
                  .x_axis = axis_of(table.columns()[x]),
                  .y_axis = axis_of(table.columns()[y]),
                  .curves = {},
                  .style = CurveStyle::kPoints};
  for (const PointGroup& group : groups) {
    Curve curve{.name = group.name, .x = {}, .y = {}};
    for (const std::size_t row : group.rows) {
      if (!table.number(row, x) || !table.number(row, y)) continue;
      curve.x.push_back(*table.number(row, x));
      curve.y.push_back(*table.number(row, y));
    }
    chart.curves.push_back(std::move(curve));
  }
  return line_chart_svg(chart);
}

void add_results_table(Markup& page, const ResultsTable& table, std::string_view heading) {
  page.element("h2", {}, heading).element("p", {{"id", "shown"}});
  add_table(page, table);
  page.open("script").embed(sweep_page_script()).close();
}

}  // namespace crossloom
